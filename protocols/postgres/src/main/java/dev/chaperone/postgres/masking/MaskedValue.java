package dev.chaperone.postgres.masking;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.UUID;

/** A value that stands in another's place, in both of its type's formats. */
final class MaskedValue {
  private final byte[] textFormat;
  private final byte[] binaryFormat;

  private MaskedValue(byte[] textFormat, byte[] binaryFormat) {
    this.textFormat = textFormat;
    this.binaryFormat = binaryFormat;
  }

  /** The value in one of the formats; nobody changes it. */
  byte[] bytes(boolean binary) {
    return binary ? binaryFormat : textFormat;
  }

  /** Of the types whose binary format is their text. */
  static MaskedValue text(String value) {
    var bytes = utf8(value);
    return new MaskedValue(bytes, bytes);
  }

  static MaskedValue jsonb(String value) {
    var bytes = utf8(value);
    // A version number stands before the text (jsonb_send of jsonb.c).
    return new MaskedValue(
        bytes, ByteBuffer.allocate(bytes.length + 1).put((byte) 1).put(bytes).array());
  }

  static MaskedValue bytea(byte[] value) {
    return new MaskedValue(utf8("\\x" + HexFormat.of().formatHex(value)), value);
  }

  static MaskedValue uuid(UUID value) {
    return new MaskedValue(
        utf8(value.toString()),
        ByteBuffer.allocate(16)
            .putLong(value.getMostSignificantBits())
            .putLong(value.getLeastSignificantBits())
            .array());
  }

  /** An integer of so many bytes. */
  static MaskedValue integer(long value, int size) {
    var binary = ByteBuffer.allocate(8).putLong(value).array();
    var last = new byte[size];
    System.arraycopy(binary, 8 - size, last, 0, size);
    return new MaskedValue(utf8(Long.toString(value)), last);
  }

  /** A whole number that is not negative, as numeric_send of numeric.c writes it. */
  static MaskedValue numeric(long value) {
    var digits = new ArrayList<Short>();
    for (long left = value; left > 0; left /= 10_000) {
      digits.addFirst((short) (left % 10_000));
    }
    var binary =
        ByteBuffer.allocate(8 + 2 * digits.size())
            .putShort((short) digits.size())
            .putShort((short) (digits.size() - 1))
            .putShort((short) 0)
            .putShort((short) 0);
    digits.forEach(binary::putShort);
    return new MaskedValue(utf8(Long.toString(value)), binary.array());
  }

  private static byte[] utf8(String value) {
    return value.getBytes(StandardCharsets.UTF_8);
  }
}
