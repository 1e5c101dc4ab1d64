package dev.chaperone.journal.log;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of one segment in their order, through a buffer. Used by one thread. It reads
 * through {@link RandomAccessFile}, since an interrupt closes a channel.
 */
final class SegmentCursor implements Closeable {
  private static final int BUFFER = 2 * RecordCodec.MAX_BYTES;

  private final RandomAccessFile file;
  private final RecordCodec codec;
  private final byte[] buffer = new byte[BUFFER];

  /** Where in the file the buffer begins, how much of it is read, how much of that is used. */
  private long base;

  private int filled;
  private int used;
  private long next;
  private boolean atEnd;

  /**
   * Opens the file.
   *
   * @param offset where the record {@code index} begins
   */
  SegmentCursor(Path path, SegmentHeader header, long offset, long index) throws IOException {
    this.file = new RandomAccessFile(path.toFile(), "r");
    this.codec = new RecordCodec(header);
    this.base = offset;
    this.next = index;
  }

  /** The index of the record that {@link #next} would read. */
  long index() {
    return next;
  }

  /** Where in the file that record begins. */
  long offset() {
    return base + used;
  }

  /** Reads on; null where no valid record with the next index stands. */
  RecordCodec.@Nullable Decoded next() throws IOException {
    ensureRecord();
    RecordCodec.Decoded decoded = codec.decode(buffer, used, filled);
    if (decoded == null || decoded.index() != next) {
      return null;
    }
    used += decoded.bytes();
    next++;
    return decoded;
  }

  /** Forgets what was read ahead, so that what was written since is seen. */
  void reread() throws IOException {
    base = offset();
    used = 0;
    filled = 0;
    refill();
  }

  /** Whether there are only zeros from here to the end of the file; moves there. */
  boolean onlyZerosFollow() throws IOException {
    reread();
    while (true) {
      for (int i = used; i < filled; i++) {
        if (buffer[i] != 0) {
          return false;
        }
      }
      used = filled;
      if (!refill()) {
        return true;
      }
    }
  }

  /**
   * Whether a valid record anywhere after here shows that the record {@code index} had been synced:
   * its batch begins above it. Moves there.
   */
  boolean laterBatchFollows(long index) throws IOException {
    reread();
    while (true) {
      ensureRecord();
      if (filled - used < RecordCodec.HEADER_BYTES) {
        return false;
      }
      RecordCodec.Decoded decoded = codec.decode(buffer, used, filled);
      if (decoded != null && decoded.batch() > index) {
        return true;
      }
      used++;
    }
  }

  private void ensureRecord() throws IOException {
    if (filled - used < RecordCodec.MAX_BYTES && !atEnd) {
      refill();
    }
  }

  /** Moves the unused bytes to the front and reads on; false if there was nothing more. */
  private boolean refill() throws IOException {
    System.arraycopy(buffer, used, buffer, 0, filled - used);
    base += used;
    filled -= used;
    used = 0;
    file.seek(base + filled);
    int before = filled;
    atEnd = false;
    while (filled < BUFFER) {
      int read = file.read(buffer, filled, BUFFER - filled);
      if (read < 0) {
        atEnd = true;
        break;
      }
      filled += read;
    }
    return filled > before;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
