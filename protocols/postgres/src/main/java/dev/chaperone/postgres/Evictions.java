package dev.chaperone.postgres;

import dev.chaperone.core.session.Sessions;
import dev.chaperone.journal.JournalUnavailableException;
import java.time.Duration;

/**
 * Records that connections were closed before they had signed in, to make room for others: once a
 * second at most, with how many there were, since whoever opens many must not fill the journal.
 */
final class Evictions {
  private static final long PAUSE_NANOS = Duration.ofSeconds(1).toNanos();

  private final String protocol;
  private final Sessions sessions;
  private long unrecorded;
  private long recordedAt = System.nanoTime() - PAUSE_NANOS;

  Evictions(String protocol, Sessions sessions) {
    this.protocol = protocol;
    this.sessions = sessions;
  }

  void record(String origin) throws JournalUnavailableException {
    long before;
    synchronized (this) {
      long now = System.nanoTime();
      if (now - recordedAt < PAUSE_NANOS) {
        unrecorded++;
        return;
      }
      recordedAt = now;
      before = unrecorded;
      unrecorded = 0;
    }
    sessions.recordFailedSignIn(
        new Sessions.FailedSignIn(
            protocol,
            origin,
            null,
            null,
            "closed before it had signed in: too many such connections, most of them from here",
            before));
  }
}
