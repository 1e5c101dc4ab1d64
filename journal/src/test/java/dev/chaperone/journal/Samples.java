package dev.chaperone.journal;

import java.time.Duration;
import java.time.Instant;

/** Settings and entries for tests. */
public final class Samples {
  public static final String ORIGIN = "chaperone.example.com/log1";

  private static final Instant START = Instant.parse("2026-11-23T09:00:00Z");

  private Samples() {}

  /** Small segments, quick checkpoints. */
  public static JournalSettings settings() {
    return new JournalSettings(
        ORIGIN,
        JournalSettings.MIN_SEGMENT_BYTES,
        16_384,
        16 << 20,
        Duration.ofSeconds(10),
        Duration.ofMillis(10));
  }

  /** The {@code i}-th of a series of entries, a second after the one before. */
  public static Entry entry(long i) {
    return Entry.of("content", time(i), fields -> fields.put("i", i));
  }

  public static Instant time(long i) {
    return START.plusSeconds(i);
  }
}
