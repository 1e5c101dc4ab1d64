package dev.chaperone.journal.log;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * One segment file that is known to be sound, and where some of its records begin. Safe for use by
 * one thread that adds and any number that read.
 */
final class Segment {
  /** One record in so many has its place kept, so that a read skips at most the others. */
  private static final int STRIDE = 64;

  private final Path path;
  private final SegmentHeader header;
  private int[] places = new int[64];
  private long records;

  Segment(Path path, SegmentHeader header) {
    this.path = path;
    this.header = header;
  }

  Path path() {
    return path;
  }

  SegmentHeader header() {
    return header;
  }

  long first() {
    return header.first();
  }

  synchronized long end() {
    return header.first() + records;
  }

  /** Notes where the next record begins. */
  synchronized void added(long offset) {
    if (records % STRIDE == 0) {
      int place = (int) (records / STRIDE);
      if (place == places.length) {
        places = Arrays.copyOf(places, 2 * place);
      }
      places[place] = Math.toIntExact(offset);
    }
    records++;
  }

  /** A cursor at the record {@code index}, which this segment has. */
  SegmentCursor cursor(long index) throws IOException {
    int place = (int) ((index - header.first()) / STRIDE);
    long nearest = header.first() + (long) place * STRIDE;
    SegmentCursor cursor = new SegmentCursor(path, header, place(place), nearest);
    try {
      while (cursor.index() < index) {
        require(cursor);
      }
      return cursor;
    } catch (IOException | RuntimeException e) {
      cursor.close();
      throw e;
    }
  }

  private synchronized int place(int place) {
    return places[place];
  }

  /** The next record of {@code cursor}, which must be there. */
  byte[] require(SegmentCursor cursor) throws IOException {
    RecordCodec.Decoded decoded = cursor.next();
    if (decoded == null) {
      throw new DamagedLogException(
          path, cursor.offset(), "entry " + cursor.index() + " is not what was written");
    }
    return decoded.entry();
  }
}
