package dev.chaperone.journal.log;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/** The first 64 bytes of a segment (docs/formats/journal.md, "Segments"). */
final class SegmentHeader {
  static final int BYTES = 64;
  static final int SALT_BYTES = 16;

  private static final byte[] MAGIC = "CHAPSEG1".getBytes(StandardCharsets.US_ASCII);
  private static final int CRC_AT = 60;
  private static final Pattern NAME = Pattern.compile("\\d{20}\\.seg");

  private final long first;
  private final byte[] salt;

  private SegmentHeader(long first, byte[] salt) {
    this.first = first;
    this.salt = salt;
  }

  static SegmentHeader create(long first) {
    byte[] salt = new byte[SALT_BYTES];
    new SecureRandom().nextBytes(salt);
    return new SegmentHeader(first, salt);
  }

  /** The index of the segment's first record. */
  long first() {
    return first;
  }

  /** Mixes what makes the records of this segment parse in no other one into a checksum. */
  void salt(CRC32C crc) {
    crc.update(salt);
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
}
