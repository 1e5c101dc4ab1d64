package dev.chaperone.journal.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The entries in their segment files. One thread appends; any number read what is durable. After an
 * error in {@link #append} nothing may be appended any more: nobody knows what reached the disk.
 */
public final class SegmentLog implements Closeable {
  private static final int BUFFER = 1 << 20;

  private final Disk disk;
  private final Path directory;
  private final Path scratch;
  private final int segmentBytes;
  private final List<Segment> segments;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
  private volatile long durable;

  private @Nullable DiskFile file;
  private @Nullable RecordCodec codec;
  private long capacity;

  /** Where in the current segment the bytes of {@link #buffer} go. */
  private long offset;

  private long next;

  private SegmentLog(Disk disk, Path directory, Path scratch, int segmentBytes, List<Segment> s) {
    this.disk = disk;
    this.directory = directory;
    this.scratch = scratch;
    this.segmentBytes = segmentBytes;
    this.segments = new CopyOnWriteArrayList<>(s);
  }

  /**
   * Opens the log, recovering what a crash left.
   *
   * @param directory holds the segments; exists
   * @param scratch where new segments are made, in the same file system; exists
   * @param segmentBytes the size of new segments
   * @throws DamagedLogException if an entry that may have been acknowledged is lost
   */
  public static SegmentLog open(Disk disk, Path directory, Path scratch, int segmentBytes)
      throws IOException {
    SegmentRecovery recovery = SegmentRecovery.of(disk, directory);
    SegmentLog log = new SegmentLog(disk, directory, scratch, segmentBytes, recovery.segments());
    log.next = recovery.next();
    if (recovery.segments().isEmpty()) {
      log.startSegment();
    } else {
      log.useSegment(log.segments.getLast(), recovery.end());
    }
    log.durable = log.next;
    return log;
  }

  /** How many entries are durable. */
  public long size() {
    return durable;
  }

  /**
   * Writes entries of 2 to 65,535 bytes behind those that are there, and returns when they are
   * durable: with one sync, unless a new segment begins. Blocks.
   */
  public void append(List<byte[]> entries) throws IOException {
    long batch = next;
    for (byte[] entry : entries) {
      int length = RecordCodec.HEADER_BYTES + entry.length;
      if (offset + buffer.position() + length > capacity) {
        writeBuffer();
        sync();
        startSegment();
        batch = next;
      }
      if (buffer.remaining() < length) {
        writeBuffer();
      }
      segments.getLast().added(offset + buffer.position());
      Objects.requireNonNull(codec).encode(next, batch, entry, buffer);
      next++;
    }
    writeBuffer();
    sync();
    durable = next;
  }

  private void writeBuffer() throws IOException {
    buffer.flip();
    int length = buffer.remaining();
    if (length > 0) {
      Objects.requireNonNull(file).write(buffer, offset);
      offset += length;
    }
    buffer.clear();
  }

  private void sync() throws IOException {
    Objects.requireNonNull(file).sync();
  }

  private void startSegment() throws IOException {
    SegmentHeader header = SegmentHeader.create(next);
    Path made = scratch.resolve(header.fileName());
    try (DiskFile out = disk.create(made)) {
      out.write(ByteBuffer.wrap(header.encode()), 0);
      byte[] zeros = new byte[BUFFER];
      for (long at = SegmentHeader.BYTES; at < segmentBytes; at += zeros.length) {
        int length = (int) Math.min(zeros.length, segmentBytes - at);
        out.write(ByteBuffer.wrap(zeros, 0, length), at);
      }
      out.sync();
    }
    Path path = directory.resolve(header.fileName());
    disk.rename(made, path);
    disk.syncDirectory(directory);
    Segment segment = new Segment(path, header);
    segments.add(segment);
    useSegment(segment, SegmentHeader.BYTES);
  }

  private void useSegment(Segment segment, long end) throws IOException {
    close();
    file = disk.open(segment.path());
    codec = new RecordCodec(segment.header());
    capacity = Files.size(segment.path());
    offset = end;
  }

  /**
   * Reads a durable entry; the caller owns the bytes. Any thread.
   *
   * @throws DamagedLogException if it is not what was written
   */
  public byte[] read(long index) throws IOException {
    Objects.checkIndex(index, durable);
    Segment segment = segments.get(segmentOf(index));
    try (SegmentCursor cursor = segment.cursor(index)) {
      return segment.require(cursor);
    }
  }

  /**
   * Reads durable entries from {@code from} to before {@code to}, one at a time. Any thread.
   *
   * @throws DamagedLogException if one is not what was written
   */
  public <X extends Exception> void forEach(long from, long to, RecordVisitor<X> visitor)
      throws IOException, X {
    Objects.checkFromToIndex(from, to, durable);
    long index = from;
    while (index < to) {
      Segment segment = segments.get(segmentOf(index));
      long end = Math.min(to, segment.end());
      try (SegmentCursor cursor = segment.cursor(index)) {
        for (; index < end; index++) {
          visitor.visit(index, segment.require(cursor));
        }
      }
    }
  }

  private int segmentOf(long index) {
    int low = 0;
    int high = segments.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (segments.get(middle).first() <= index) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /** Closes the file that is written; what was read stays readable. By the appending thread. */
  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }
}
