package dev.chaperone.postgres.masking;

import dev.chaperone.postgres.meaning.ParameterText;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * HMAC-SHA-256 (RFC 2104) of a value's text, cut to what its type holds. Equal values become equal,
 * in either format and in columns of different types; the key keeps others from trying values out.
 */
final class KeyedHash {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int SHORTEST_KEY = 32;

  /** The largest power of ten whose numbers every client's double holds exactly. */
  private static final long NUMERIC_BOUND = 1_000_000_000_000_000L;

  private final SecretKeySpec key;

  KeyedHash(byte[] key) {
    if (key.length < SHORTEST_KEY) {
      throw new IllegalArgumentException("the key of hash masks is shorter than 32 bytes");
    }
    this.key = new SecretKeySpec(key, ALGORITHM);
  }

  /** The value's stand-in; null where the type has too few values, or none is known to be valid. */
  @Nullable MaskedValue of(ValueFamily family, long type, byte[] value, boolean binary) {
    return switch (family) {
      case TEXT, XML -> MaskedValue.text(hex(digest(family, type, value, binary)));
      case JSON -> MaskedValue.text('"' + hex(digest(family, type, value, binary)) + '"');
      case JSONB -> MaskedValue.jsonb('"' + hex(digest(family, type, value, binary)) + '"');
      case SMALL_INTEGER -> MaskedValue.integer(number(family, type, value, binary) & 0x7fff, 2);
      case INTEGER -> MaskedValue.integer(number(family, type, value, binary) & 0x7fff_ffff, 4);
      case BIG_INTEGER -> MaskedValue.integer(number(family, type, value, binary), 8);
      case NUMERIC -> MaskedValue.numeric(number(family, type, value, binary) % NUMERIC_BOUND);
      case UUID -> MaskedValue.uuid(uuid(digest(family, type, value, binary)));
      case BYTES -> MaskedValue.bytea(Arrays.copyOf(digest(family, type, value, binary), 16));
      case SINGLE_CHARACTER, OTHER -> null;
    };
  }

  private byte[] digest(ValueFamily family, long type, byte[] value, boolean binary) {
    try {
      var mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac.doFinal(canonical(family, type, value, binary));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }

  private static byte[] canonical(ValueFamily family, long type, byte[] value, boolean binary) {
    return switch (family) {
      case TEXT, XML, JSON -> value;
      case BYTES -> binary ? value : ByteaText.bytes(value);
      case SMALL_INTEGER, INTEGER, BIG_INTEGER, NUMERIC, UUID, JSONB, SINGLE_CHARACTER, OTHER ->
          ParameterText.of(type, binary, value).getBytes(StandardCharsets.UTF_8);
    };
  }

  private long number(ValueFamily family, long type, byte[] value, boolean binary) {
    return ByteBuffer.wrap(digest(family, type, value, binary)).getLong() & Long.MAX_VALUE;
  }

  /** Version 8, variant 2 (RFC 9562, section 5.8). */
  private static UUID uuid(byte[] digest) {
    var bits = ByteBuffer.wrap(digest);
    return new UUID(
        (bits.getLong() & ~0xf000L) | 0x8000L,
        (bits.getLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L);
  }

  private static String hex(byte[] digest) {
    return HexFormat.of().formatHex(digest, 0, 16);
  }

  @Override
  public String toString() {
    return "KeyedHash";
  }
}
