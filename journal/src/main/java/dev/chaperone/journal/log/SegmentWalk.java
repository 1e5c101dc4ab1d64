package dev.chaperone.journal.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the entries of a directory of segments from the first on, until they end or are damaged,
 * changing nothing: also of a running gateway or of a read-only copy. Used by one thread.
 */
public final class SegmentWalk implements Closeable {

  /**
   * Why a walk ended where it should not have.
   *
   * @param file the file's name
   * @param offset where in the file
   * @param torn whether it may be the rest of a write that nobody was told had succeeded
   */
  public record Fault(String file, long offset, String what, boolean torn) {}

  private final List<Path> files;
  private int current = -1;
  private @Nullable SegmentHeader header;
  private @Nullable SegmentCursor cursor;
  private @Nullable Fault fault;
  private long index;
  private long offset;

  private SegmentWalk(List<Path> files) {
    this.files = files;
  }

  public static SegmentWalk of(Path directory) throws IOException {
    return new SegmentWalk(SegmentRecovery.files(directory));
  }

  /** Whether a file may lie in a directory of segments, by its name. */
  public static boolean isSegment(String fileName) {
    return SegmentHeader.isFileName(fileName);
  }

  /** The index of the entry that {@link #next} would read. */
  public long index() {
    return index;
  }

  /** Where the entry that {@link #next} read last stands. */
  public String place() {
    return name() + ", offset " + offset;
  }

  /** Why the walk ended, where it was not the log's end. */
  public Optional<Fault> fault() {
    return Optional.ofNullable(fault);
  }

  /** The next entry, the caller's to keep; null at the end and at a fault. */
  public byte @Nullable [] next() throws IOException {
    if (cursor == null && !nextSegment()) {
      return null;
    }
    while (true) {
      SegmentCursor reading = Objects.requireNonNull(cursor);
      offset = reading.offset();
      RecordCodec.Decoded decoded = reading.next();
      if (decoded == null) {
        // A gateway may be writing: what was read ahead can be older than what follows it.
        reading.reread();
        decoded = reading.next();
      }
      if (decoded != null) {
        index = reading.index();
        return decoded.entry();
      }
      if (!endOfSegment() || !nextSegment()) {
        return null;
      }
    }
  }

  /** Judges what stands where no record does; false if it is a fault or has just become one. */
  private boolean endOfSegment() throws IOException {
    if (fault != null) {
      return false;
    }
    boolean last = current == files.size() - 1;
    Path file = files.get(current);
    SegmentHeader segment = Objects.requireNonNull(header);
    SegmentTail tail = SegmentTail.at(file, segment, offset, index, last);
    if (tail == SegmentTail.FREE) {
      return true;
    }
    try (SegmentCursor again = new SegmentCursor(file, segment, offset, index)) {
      if (again.next() != null) {
        // It was written meanwhile; what follows is judged by the next walk.
        return false;
      }
    }
    fault =
        tail == SegmentTail.TORN
            ? new Fault(name(), offset, "an unfinished write in the place of entry " + index, true)
            : new Fault(name(), offset, "entry " + index + " is not what was written", false);
    return false;
  }

  private boolean nextSegment() throws IOException {
    close();
    if (fault != null || current + 1 >= files.size()) {
      return false;
    }
    current++;
    Path file = files.get(current);
    try {
      header = SegmentRecovery.header(file);
    } catch (DamagedLogException e) {
      fault = new Fault(name(), 0, "its header was changed", false);
      return false;
    }
    if (header.first() != index) {
      String what = "begins with entry %d where entry %d is due".formatted(header.first(), index);
      fault = new Fault(name(), 0, what, false);
      return false;
    }
    cursor = new SegmentCursor(file, header, SegmentHeader.BYTES, index);
    return true;
  }

  private String name() {
    return current < 0 ? "segments" : "segments/" + files.get(current).getFileName();
  }

  @Override
  public void close() throws IOException {
    if (cursor != null) {
      cursor.close();
      cursor = null;
    }
  }
}
