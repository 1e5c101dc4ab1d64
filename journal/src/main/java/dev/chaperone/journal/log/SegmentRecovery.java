package dev.chaperone.journal.log;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Reads the segments at the start, and cuts what a crash left (docs/formats/journal.md, "Start").
 */
final class SegmentRecovery {
  private static final int ZEROS = 1 << 20;

  private final Disk disk;
  private final List<Segment> segments = new ArrayList<>();
  private long next;
  private long end = SegmentHeader.BYTES;

  private SegmentRecovery(Disk disk) {
    this.disk = disk;
  }

  /**
   * Reads every record.
   *
   * @throws DamagedLogException if an entry that may have been acknowledged is lost
   */
  static SegmentRecovery of(Disk disk, Path directory) throws IOException {
    SegmentRecovery recovery = new SegmentRecovery(disk);
    List<Path> files = files(directory);
    for (int i = 0; i < files.size(); i++) {
      recovery.read(files.get(i), i == files.size() - 1);
    }
    return recovery;
  }

  /** The segment files of a directory in their order. */
  static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(f -> SegmentHeader.isFileName(String.valueOf(f.getFileName())))
          .sorted()
          .toList();
    }
  }

  static SegmentHeader header(Path path) throws IOException {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(path)) {
      bytes = in.readNBytes(SegmentHeader.BYTES);
    }
    SegmentHeader header =
        SegmentHeader.decode(bytes)
            .orElseThrow(() -> new DamagedLogException(path, 0, "this is no segment's header"));
    if (!path.endsWith(header.fileName())) {
      throw new DamagedLogException(path, 0, "the header is that of " + header.fileName());
    }
    return header;
  }

  private void read(Path path, boolean last) throws IOException {
    Segment segment = new Segment(path, header(path));
    if (segment.first() != next) {
      throw new DamagedLogException(
          path, 0, "begins with entry " + segment.first() + " where entry " + next + " is due");
    }
    try (SegmentCursor cursor =
        new SegmentCursor(path, segment.header(), SegmentHeader.BYTES, next)) {
      end = cursor.offset();
      while (cursor.next() != null) {
        segment.added(end);
        end = cursor.offset();
      }
      next = cursor.index();
    }
    segments.add(segment);
    switch (SegmentTail.at(path, segment.header(), end, next, last)) {
      case FREE -> {}
      case TORN -> cut(path);
      case DAMAGED ->
          throw new DamagedLogException(
              path, end, "entry " + next + " is not what was written, and later ones follow it");
    }
    if (last) {
      // What a killed process wrote may be in memory alone, and is about to count as durable.
      try (DiskFile file = disk.open(path)) {
        file.sync();
      }
    }
  }

  private void cut(Path path) throws IOException {
    long size = Files.size(path);
    byte[] zeros = new byte[ZEROS];
    try (DiskFile file = disk.open(path)) {
      for (long at = end; at < size; at += ZEROS) {
        file.write(ByteBuffer.wrap(zeros, 0, (int) Math.min(ZEROS, size - at)), at);
      }
      file.sync();
    }
  }

  List<Segment> segments() {
    return segments;
  }

  /** The index after the last record. */
  long next() {
    return next;
  }

  /** Where the next record goes in the last segment. */
  long end() {
    return end;
  }
}
