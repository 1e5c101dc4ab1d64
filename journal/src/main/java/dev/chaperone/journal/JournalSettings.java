package dev.chaperone.journal;

import dev.chaperone.journal.note.Origin;
import java.time.Duration;

/**
 * How a journal on disk works. Every bound is a bound: nothing grows beyond it.
 *
 * @param origin the log's name in its checkpoints, for example {@code chaperone.example.com/log1}:
 *     not empty, without white space, control characters and {@code +} (C2SP signed-note)
 * @param segmentBytes the size to which a segment file is preallocated, 256 KiB to 1 GiB
 * @param queueEntries the most entries that wait for the disk
 * @param queueBytes the most bytes of entries that wait for the disk; at least one entry's worth
 * @param patience the longest that a caller waits, for room in the queue or for durability
 * @param checkpointEvery the shortest time between two signed checkpoints
 */
public record JournalSettings(
    String origin,
    int segmentBytes,
    int queueEntries,
    int queueBytes,
    Duration patience,
    Duration checkpointEvery) {

  public static final int MIN_SEGMENT_BYTES = 256 * 1024;
  public static final int MAX_SEGMENT_BYTES = 1024 * 1024 * 1024;

  public JournalSettings {
    Origin.check(origin);
    checkRange("segmentBytes", segmentBytes, MIN_SEGMENT_BYTES, MAX_SEGMENT_BYTES);
    checkRange("queueEntries", queueEntries, 1, 1 << 20);
    checkRange("queueBytes", queueBytes, Entry.MAX_BYTES, 256 * 1024 * 1024);
    checkPositive("patience", patience);
    checkPositive("checkpointEvery", checkpointEvery);
  }

  /** The usual settings: 16 MiB segments, 16,384 entries or 16 MiB queued, 10 s, 1 s. */
  public static JournalSettings of(String origin) {
    return new JournalSettings(
        origin, 16 << 20, 16_384, 16 << 20, Duration.ofSeconds(10), Duration.ofSeconds(1));
  }

  private static void checkRange(String name, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(name + " is " + min + " to " + max + ", not " + value);
    }
  }

  private static void checkPositive(String name, Duration value) {
    if (value.isZero() || value.isNegative()) {
      throw new IllegalArgumentException(name + " is more than nothing, not " + value);
    }
  }
}
