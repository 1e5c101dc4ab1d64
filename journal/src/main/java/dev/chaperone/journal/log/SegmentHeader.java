package dev.chaperone.journal.log;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * The first 64 bytes of a segment (docs/formats/journal.md, "Segments").
 *
 * @param first the index of the segment's first record
 * @param salt 16 bytes that make the records of this segment parse in no other
 */
record SegmentHeader(long first, byte[] salt) {
  static final int BYTES = 64;
  static final int SALT_BYTES = 16;

  private static final byte[] MAGIC = "CHAPSEG1".getBytes(StandardCharsets.US_ASCII);
  private static final int CRC_AT = 60;
  private static final Pattern NAME = Pattern.compile("\\d{20}\\.seg");

  static SegmentHeader create(long first) {
    byte[] salt = new byte[SALT_BYTES];
    new SecureRandom().nextBytes(salt);
    return new SegmentHeader(first, salt);
  }

  String fileName() {
    return "%020d.seg".formatted(first);
  }

  static boolean isFileName(String name) {
    return NAME.matcher(name).matches();
  }

  byte[] encode() {
    byte[] header = new byte[BYTES];
    ByteBuffer out = ByteBuffer.wrap(header).put(MAGIC).putLong(first).put(salt);
    out.putInt(CRC_AT, crc(header));
    return header;
  }

  /** Reads a header; empty if it is none. */
  static Optional<SegmentHeader> decode(byte[] header) {
    ByteBuffer in = ByteBuffer.wrap(header);
    boolean sound =
        header.length == BYTES
            && Arrays.equals(header, 0, MAGIC.length, MAGIC, 0, MAGIC.length)
            && in.getInt(CRC_AT) == crc(header)
            && in.getLong(MAGIC.length) >= 0;
    if (!sound) {
      return Optional.empty();
    }
    int saltAt = MAGIC.length + Long.BYTES;
    return Optional.of(
        new SegmentHeader(
            in.getLong(MAGIC.length), Arrays.copyOfRange(header, saltAt, saltAt + SALT_BYTES)));
  }

  private static int crc(byte[] header) {
    CRC32C crc = new CRC32C();
    crc.update(header, 0, CRC_AT);
    return (int) crc.getValue();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SegmentHeader that
        && first == that.first
        && Arrays.equals(salt, that.salt);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(first);
  }
}
