package dev.chaperone.testing;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for a condition with a bound, so that no test sleeps for luck. */
public final class Await {
  private static final Duration PAUSE = Duration.ofMillis(5);

  private Await() {}

  /**
   * Blocks until the condition holds.
   *
   * @param what the condition in words, for the error
   * @throws AssertionError when it does not hold in time
   */
  public static void until(String what, Duration longest, BooleanSupplier condition) {
    long deadline = System.nanoTime() + longest.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not within " + longest + ": " + what);
      }
      try {
        Thread.sleep(PAUSE);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted while awaiting: " + what, e);
      }
    }
  }

  /** As {@link #until(String, Duration, BooleanSupplier)}, ten seconds at most. */
  public static void until(String what, BooleanSupplier condition) {
    until(what, Duration.ofSeconds(10), condition);
  }
}
