package dev.chaperone.journal.log;

import java.io.IOException;
import java.nio.file.Path;

/** What stands in a segment where its records end (docs/formats/journal.md, "Start"). */
enum SegmentTail {
  /** Free space. */
  FREE,
  /** The rest of a write that was never acknowledged; only the last segment may have one. */
  TORN,
  /** A record that was durable once is not what was written: durable ones follow it. */
  DAMAGED;

  /**
   * Looks at a segment from {@code offset}, where no valid record {@code index} stands.
   *
   * @param last whether no later segment exists
   */
  static SegmentTail at(Path path, SegmentHeader header, long offset, long index, boolean last)
      throws IOException {
    try (SegmentCursor cursor = new SegmentCursor(path, header, offset, index)) {
      if (cursor.onlyZerosFollow()) {
        return FREE;
      }
    }
    if (!last) {
      return DAMAGED;
    }
    try (SegmentCursor cursor = new SegmentCursor(path, header, offset, index)) {
      return cursor.laterBatchFollows(index) ? DAMAGED : TORN;
    }
  }
}
