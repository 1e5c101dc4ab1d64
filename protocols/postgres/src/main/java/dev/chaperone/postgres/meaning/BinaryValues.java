package dev.chaperone.postgres.meaning;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;

/**
 * PostgreSQL's binary formats, as the send functions in src/backend/utils/adt write them, read into
 * text. A value is taken to its last byte, or it is not one of its type.
 */
final class BinaryValues {
  /** Arrays of arrays do not exist in PostgreSQL; a value that claims them is not followed far. */
  private static final int MOST_NESTED = 2;

  private static final int MOST_DIMENSIONS = 6;
  private static final LocalDate EPOCH = LocalDate.of(2000, 1, 1);

  /** Array types by OID, with the type of their elements. */
  private static final Map<Long, Long> ARRAYS =
      Map.ofEntries(
          Map.entry(1000L, 16L),
          Map.entry(1001L, 17L),
          Map.entry(1005L, 21L),
          Map.entry(1007L, 23L),
          Map.entry(1016L, 20L),
          Map.entry(1009L, 25L),
          Map.entry(1014L, 1042L),
          Map.entry(1015L, 1043L),
          Map.entry(1021L, 700L),
          Map.entry(1022L, 701L),
          Map.entry(1231L, 1700L),
          Map.entry(1182L, 1082L),
          Map.entry(1115L, 1114L),
          Map.entry(1185L, 1184L),
          Map.entry(2951L, 2950L),
          Map.entry(199L, 114L),
          Map.entry(3807L, 3802L));

  private BinaryValues() {}

  /** The text of a value that takes all that remains of {@code in}. */
  static String text(long type, ByteBuffer in, int depth)
      throws CharacterCodingException, UnreadableValueException {
    if (ARRAYS.containsKey(type)) {
      return array(in, ARRAYS.getOrDefault(type, 0L), depth);
    }
    var text = scalar((int) type, in);
    if (in.hasRemaining()) {
      throw new UnreadableValueException();
    }
    return text;
  }

  private static String scalar(int type, ByteBuffer in)
      throws CharacterCodingException, UnreadableValueException {
    return switch (type) {
      case 16 -> bool(in.get());
      case 18, 19, 25, 114, 142, 705, 1042, 1043 -> ParameterText.utf8(rest(in));
      case 20 -> Long.toString(in.getLong());
      case 21 -> Short.toString(in.getShort());
      case 23 -> Integer.toString(in.getInt());
      case 26 -> Integer.toUnsignedString(in.getInt());
      case 700 -> floating(Float.toString(in.getFloat()));
      case 701 -> floating(Double.toString(in.getDouble()));
      case 1082 -> date(in.getInt());
      case 1083 -> time(in.getLong());
      case 1114 -> timestamp(in.getLong());
      case 1184 -> zoned(timestamp(in.getLong()));
      case 1700 -> numeric(in);
      case 2950 -> new UUID(in.getLong(), in.getLong()).toString();
      case 3802 -> jsonb(in);
      default -> ParameterText.hex(rest(in));
    };
  }

  private static byte[] rest(ByteBuffer in) {
    var bytes = new byte[in.remaining()];
    in.get(bytes);
    return bytes;
  }

  private static String bool(byte value) throws UnreadableValueException {
    return switch (value) {
      case 0 -> "f";
      case 1 -> "t";
      default -> throw new UnreadableValueException();
    };
  }

  private static String floating(String java) {
    return java.endsWith(".0") ? java.substring(0, java.length() - 2) : java;
  }

  private static String jsonb(ByteBuffer in)
      throws CharacterCodingException, UnreadableValueException {
    if (in.get() != 1) {
      throw new UnreadableValueException();
    }
    return ParameterText.utf8(rest(in));
  }

  private static String date(int days) {
    return switch (days) {
      case Integer.MAX_VALUE -> "infinity";
      case Integer.MIN_VALUE -> "-infinity";
      default -> EPOCH.plusDays(days).toString();
    };
  }

  private static String time(long micros) throws UnreadableValueException {
    if (micros < 0 || micros > 86_400_000_000L) {
      throw new UnreadableValueException();
    }
    return micros == 86_400_000_000L ? "24:00:00" : clock(LocalTime.ofNanoOfDay(micros * 1000));
  }

  private static String timestamp(long micros) {
    if (micros == Long.MAX_VALUE || micros == Long.MIN_VALUE) {
      return micros > 0 ? "infinity" : "-infinity";
    }
    LocalDateTime moment = EPOCH.atStartOfDay().plus(micros, ChronoUnit.MICROS);
    return moment.toLocalDate() + " " + clock(moment.toLocalTime());
  }

  private static String zoned(String timestamp) {
    return timestamp.endsWith("infinity") ? timestamp : timestamp + "+00";
  }

  private static String clock(LocalTime time) {
    int micros = time.getNano() / 1000;
    var whole = "%02d:%02d:%02d".formatted(time.getHour(), time.getMinute(), time.getSecond());
    return micros == 0 ? whole : whole + ".%06d".formatted(micros).replaceAll("0+$", "");
  }

  /** Digits to base 10,000; see numeric_send of numeric.c. */
  private static String numeric(ByteBuffer in) throws UnreadableValueException {
    int digits = Short.toUnsignedInt(in.getShort());
    int weight = in.getShort();
    int sign = Short.toUnsignedInt(in.getShort());
    int scale = Short.toUnsignedInt(in.getShort());
    switch (sign) {
      case 0xC000 -> {
        return "NaN";
      }
      case 0xD000 -> {
        return "Infinity";
      }
      case 0xF000 -> {
        return "-Infinity";
      }
      case 0, 0x4000 -> {}
      default -> throw new UnreadableValueException();
    }
    if (in.remaining() < digits * 2) {
      throw new BufferUnderflowException();
    }
    var decimal = new StringBuilder(digits * 4 + 1).append('0');
    for (int i = 0; i < digits; i++) {
      int digit = in.getShort();
      if (digit < 0 || digit > 9999) {
        throw new UnreadableValueException();
      }
      decimal.append("%04d".formatted(digit));
    }
    var value =
        new BigDecimal(new BigInteger(decimal.toString()), 4 * (digits - 1 - weight))
            .setScale(scale, java.math.RoundingMode.DOWN);
    return (sign == 0x4000 ? value.negate() : value).toPlainString();
  }

  /** As array_send of arrayfuncs.c writes it, into array_out's form. */
  private static String array(ByteBuffer in, long element, int depth)
      throws CharacterCodingException, UnreadableValueException {
    int dimensions = in.getInt();
    in.getInt();
    int named = in.getInt();
    if (dimensions < 0
        || dimensions > MOST_DIMENSIONS
        || named != element
        || depth >= MOST_NESTED) {
      throw new UnreadableValueException();
    }
    var lengths = new int[dimensions];
    long elements = 1;
    for (int i = 0; i < dimensions; i++) {
      lengths[i] = in.getInt();
      in.getInt();
      // An element takes four bytes at least, so that no claim is larger than the value.
      if (lengths[i] <= 0 || lengths[i] > in.remaining()) {
        throw new UnreadableValueException();
      }
      elements = Math.min(elements * lengths[i], Integer.MAX_VALUE);
    }
    if (dimensions > 0 && elements > in.remaining() / 4) {
      throw new UnreadableValueException();
    }
    if (dimensions == 0) {
      return "{}";
    }
    var out = new StringBuilder();
    elements(in, element, lengths, 0, depth, out);
    if (in.hasRemaining()) {
      throw new UnreadableValueException();
    }
    return out.toString();
  }

  private static void elements(
      ByteBuffer in, long element, int[] lengths, int dimension, int depth, StringBuilder out)
      throws CharacterCodingException, UnreadableValueException {
    out.append('{');
    for (int i = 0; i < lengths[dimension]; i++) {
      if (i > 0) {
        out.append(',');
      }
      if (dimension + 1 < lengths.length) {
        elements(in, element, lengths, dimension + 1, depth, out);
        continue;
      }
      int length = in.getInt();
      if (length == -1) {
        out.append("NULL");
        continue;
      }
      if (length < 0 || length > in.remaining()) {
        throw new UnreadableValueException();
      }
      var value = in.slice(in.position(), length);
      in.position(in.position() + length);
      out.append(quoted(text(element, value, depth + 1)));
    }
    out.append('}');
  }

  private static String quoted(String element) {
    boolean plain =
        !element.isEmpty()
            && !element.equalsIgnoreCase("null")
            && element.chars().noneMatch(c -> "{}\",\\ \t\n\r\f\u000b".indexOf(c) >= 0);
    return plain ? element : '"' + element.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
