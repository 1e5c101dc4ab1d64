package dev.chaperone.journal;

import java.time.Duration;

/** Waiting for a thread's end. */
final class Threads {

  private Threads() {}

  /**
   * Waits until {@code thread} ended, also while the caller is interrupted, which it stays; false
   * if it did not end in time.
   */
  static boolean join(Thread thread, Duration max) {
    long end = System.nanoTime() + max.toNanos();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return thread.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
        } catch (InterruptedException _) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
