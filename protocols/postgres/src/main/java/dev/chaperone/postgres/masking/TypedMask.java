package dev.chaperone.postgres.masking;

import dev.chaperone.core.masking.MaskWith;
import org.jspecify.annotations.Nullable;

/** A way to mask, for the values of one type. */
record TypedMask(MaskWith with, ValueFamily family, long type, KeyedHash hash)
    implements ValueMask {
  private static final String STARS = "***";

  @Override
  public byte @Nullable [] apply(byte @Nullable [] value, boolean binary) {
    if (value == null) {
      return null;
    }
    var masked =
        switch (with) {
          case MaskWith.Null() -> null;
          case MaskWith.Redact() -> redacted();
          case MaskWith.Hash() -> hash.of(family, type, value, binary);
          case MaskWith.KeepLast(int last) -> LastCharacters.of(family, type, value, binary, last);
        };
    return masked == null ? null : masked.bytes(binary);
  }

  private @Nullable MaskedValue redacted() {
    return switch (family) {
      case TEXT, XML -> MaskedValue.text(STARS);
      case SINGLE_CHARACTER -> MaskedValue.text("*");
      case JSON -> MaskedValue.text('"' + STARS + '"');
      case JSONB -> MaskedValue.jsonb('"' + STARS + '"');
      case BYTES -> MaskedValue.bytea(STARS.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      case SMALL_INTEGER, INTEGER, BIG_INTEGER, NUMERIC, UUID, OTHER -> null;
    };
  }
}
