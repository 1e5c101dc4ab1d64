package dev.chaperone.journal.log;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The records of one segment (docs/formats/journal.md, "Segments"). Not safe for use by several
 * threads at once.
 */
final class RecordCodec {
  static final int HEADER_BYTES = 24;
  static final int MIN_ENTRY = 2;
  static final int MAX_ENTRY = 0xffff;
  static final int MAX_BYTES = HEADER_BYTES + MAX_ENTRY;

  private static final int LENGTH_AT = 4;
  private static final int INDEX_AT = 8;
  private static final int BATCH_AT = 16;

  private final SegmentHeader header;
  private final CRC32C crc = new CRC32C();

  RecordCodec(SegmentHeader header) {
    this.header = header;
  }

  /** A record that was read. */
  static final class Decoded {
    private final long index;
    private final long batch;
    private final byte[] entry;

    private Decoded(long index, long batch, byte[] entry) {
      this.index = index;
      this.batch = batch;
      this.entry = entry;
    }

    long index() {
      return index;
    }

    /** The lowest index that the same sync covers. */
    long batch() {
      return batch;
    }

    /** The bytes themselves; whoever read them owns them. */
    byte[] entry() {
      return entry;
    }

    int bytes() {
      return HEADER_BYTES + entry.length;
    }
  }

  /** Writes a record; {@code out} has an array and room for it. */
  void encode(long index, long batch, byte[] entry, ByteBuffer out) {
    int start = out.position();
    out.putInt(0).putInt(entry.length).putLong(index).putLong(batch).put(entry);
    out.putInt(start, crc(out.array(), out.arrayOffset() + start, entry.length));
  }

  /** Reads the record at {@code offset}, whatever its index; null if there is no whole one. */
  @Nullable Decoded decode(byte[] bytes, int offset, int end) {
    if (end - offset < HEADER_BYTES + MIN_ENTRY) {
      return null;
    }
    ByteBuffer in = ByteBuffer.wrap(bytes, offset, end - offset).slice();
    int length = in.getInt(LENGTH_AT);
    long index = in.getLong(INDEX_AT);
    long batch = in.getLong(BATCH_AT);
    boolean plausible = length >= MIN_ENTRY && length <= MAX_ENTRY && batch >= 0 && batch <= index;
    if (!plausible
        || length > in.limit() - HEADER_BYTES
        || in.getInt(0) != crc(bytes, offset, length)) {
      return null;
    }
    byte[] entry = new byte[length];
    in.get(HEADER_BYTES, entry);
    return new Decoded(index, batch, entry);
  }

  private int crc(byte[] bytes, int start, int length) {
    crc.reset();
    header.salt(crc);
    crc.update(bytes, start + LENGTH_AT, HEADER_BYTES - LENGTH_AT + length);
    return (int) crc.getValue();
  }
}
