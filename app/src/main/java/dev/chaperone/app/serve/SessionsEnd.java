package dev.chaperone.app.serve;

import dev.chaperone.core.session.Protocol;
import dev.chaperone.core.session.Sessions;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The end of all sessions when a gateway stops. */
final class SessionsEnd {
  private static final Logger LOG = LoggerFactory.getLogger(SessionsEnd.class);
  private static final Duration LONGEST = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofMillis(10);

  private SessionsEnd() {}

  /** Takes no new connection, and lets those that are busy go on for as long as is configured. */
  static void drain(List<Protocol.Serving> servings, Sessions sessions)
      throws InterruptedException {
    servings.forEach(Protocol.Serving::stopAccepting);
    sessions.drain();
    int left = sessions.live().size();
    if (left > 0) {
      LOG.warn("{} sessions were not done in time; they are ended now", left);
    }
  }

  /** Ends every session and waits, for a bounded time, until that is recorded. */
  static void await(Sessions sessions) throws InterruptedException {
    sessions.close();
    long deadline = System.nanoTime() + LONGEST.toNanos();
    while (!sessions.live().isEmpty()) {
      if (System.nanoTime() > deadline) {
        LOG.error(
            "{} sessions did not end in {} s; the next start records them as interrupted",
            sessions.live().size(),
            LONGEST.toSeconds());
        return;
      }
      Thread.sleep(PAUSE);
    }
  }
}
