package dev.chaperone.postgres.masking;

import dev.chaperone.postgres.meaning.ParameterText;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * All but the last characters replaced. A value that is no longer than what would be kept is
 * replaced whole, since else it would be shown whole.
 */
final class LastCharacters {
  private static final int UUID_DIGITS = 32;

  private LastCharacters() {}

  static @Nullable MaskedValue of(
      ValueFamily family, long type, byte[] value, boolean binary, int last) {
    return switch (family) {
      case TEXT -> MaskedValue.text(starred(ParameterText.of(type, false, value), last));
      case SINGLE_CHARACTER -> MaskedValue.text("*");
      case UUID -> uuid(ParameterText.of(type, binary, value), last);
      case SMALL_INTEGER, INTEGER, BIG_INTEGER, NUMERIC, JSON, JSONB, XML, BYTES, OTHER -> null;
    };
  }

  private static String starred(String value, int last) {
    int length = value.codePointCount(0, value.length());
    int hidden = length <= last ? length : length - last;
    return "*".repeat(hidden) + value.substring(value.offsetByCodePoints(0, hidden));
  }

  private static @Nullable MaskedValue uuid(String value, int last) {
    var digits = value.replace("-", "");
    if (digits.length() != UUID_DIGITS) {
      return null;
    }
    int kept = last >= UUID_DIGITS ? 0 : last;
    var zeros = "0".repeat(UUID_DIGITS - kept) + digits.substring(UUID_DIGITS - kept);
    return MaskedValue.uuid(
        new UUID(
            Long.parseUnsignedLong(zeros, 0, 16, 16),
            Long.parseUnsignedLong(zeros, 16, UUID_DIGITS, 16)));
  }
}
