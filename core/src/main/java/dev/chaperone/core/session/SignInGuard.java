package dev.chaperone.core.session;

import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Slows down whoever fails to sign in, by network address. Holds a bounded number of addresses, the
 * longest unused forgotten first. Safe for many threads.
 */
public final class SignInGuard {
  /** Failures within {@link #MEMORY} after which an address is turned away unheard. */
  public static final int MAX_FAILURES = 20;

  /** How long failures count. */
  public static final Duration MEMORY = Duration.ofMinutes(1);

  private static final int MAX_ADDRESSES = 10_000;
  private static final long FIRST_DELAY_MILLIS = 100;
  private static final long LONGEST_DELAY_MILLIS = 3_000;

  private final Clock clock;
  private final Map<String, Failures> byOrigin =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
          return size() > MAX_ADDRESSES;
        }
      };

  private record Failures(int count, long until, long unheard) {}

  public SignInGuard(Clock clock) {
    this.clock = clock;
  }

  /** Whether an attempt from this address is heard at all now; one that is not is counted. */
  public synchronized boolean hears(String origin) {
    var failures = current(origin);
    if (failures.count() < MAX_FAILURES) {
      return true;
    }
    byOrigin.put(origin, new Failures(failures.count(), failures.until(), failures.unheard() + 1));
    return false;
  }

  /**
   * Counts a failure.
   *
   * @return how long the answer is to be delayed, and how many attempts were not heard since the
   *     last one that was recorded
   */
  public synchronized Penalty failed(String origin) {
    var failures = current(origin);
    int count = failures.count() + 1;
    byOrigin.put(origin, new Failures(count, clock.millis() + MEMORY.toMillis(), 0));
    long delay = FIRST_DELAY_MILLIS << Math.min(count - 1, 10);
    return new Penalty(
        Duration.ofMillis(Math.min(delay, LONGEST_DELAY_MILLIS)), failures.unheard());
  }

  private Failures current(String origin) {
    var failures = byOrigin.get(origin);
    if (failures == null) {
      return new Failures(0, 0, 0);
    }
    return clock.millis() < failures.until() ? failures : new Failures(0, 0, failures.unheard());
  }

  /** What a failure costs. */
  public record Penalty(Duration delay, long unheard) {}
}
