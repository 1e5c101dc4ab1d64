package dev.chaperone.sql;

import java.time.Duration;

/**
 * The bounds of a {@link SqlReader}.
 *
 * @param maxBytes the longest text that is read, in UTF-8 bytes; at most 4 MiB, since the parser's
 *     memory is bounded too
 * @param maxTime how long the reading of one text may take, the wait for a free parser apart
 * @param maxWait how long a caller waits for a free parser
 * @param parsers how many texts are parsed at a time; each has a thread with a stack of 64 MiB and
 *     up to 256 MiB of memory
 * @param cacheEntries how many readings are remembered; 0 for none
 * @param cacheBytes how many bytes of text the remembered readings may have together
 */
public record SqlLimits(
    int maxBytes,
    Duration maxTime,
    Duration maxWait,
    int parsers,
    int cacheEntries,
    long cacheBytes) {
  private static final int MAX_BYTES = 4 << 20;

  public SqlLimits {
    check(maxBytes > 0 && maxBytes <= MAX_BYTES, "maxBytes must be between 1 and 4194304");
    check(maxTime.isPositive(), "maxTime must be positive");
    check(!maxWait.isNegative(), "maxWait must not be negative");
    check(parsers > 0 && parsers <= 64, "parsers must be between 1 and 64");
    check(cacheEntries >= 0, "cacheEntries must not be negative");
    check(cacheBytes >= 0, "cacheBytes must not be negative");
  }

  /** 1 MiB, 10 s, 10 s, one parser a processor up to 4, 4,096 readings of 4 MiB of text. */
  public static SqlLimits defaults() {
    int parsers = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 4);
    return new SqlLimits(
        1 << 20, Duration.ofSeconds(10), Duration.ofSeconds(10), parsers, 4096, 4L << 20);
  }

  private static void check(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalArgumentException("SQL limits: " + rule);
    }
  }
}
