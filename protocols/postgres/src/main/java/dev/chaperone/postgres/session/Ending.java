package dev.chaperone.postgres.session;

import dev.chaperone.core.gate.Gate;
import dev.chaperone.core.review.Waiting;
import dev.chaperone.core.session.Session;
import dev.chaperone.journal.JournalUnavailableException;
import dev.chaperone.postgres.handshake.Upstream;
import dev.chaperone.wire.Connection;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ends a session from any thread: whoever waits is woken, what runs on the server is cancelled
 * where somebody ordered the end, the client is told if it listens, and both connections close.
 */
final class Ending {
  private static final Duration LAST_WORDS = Duration.ofSeconds(1);

  /** Ends that somebody ordered, or time brought: what runs is not to go on. */
  private static final Set<String> ORDERED =
      Set.of("killed", "idle", "longest", "token", "reload", "shutdown");

  private final Connection client;
  private final Upstream upstream;
  private final Gate.ToClient toClient;
  private final PostgresOwn own;
  private final InFlight inFlight;
  private final HeldClient heldClient;
  private final Runnable cancelUpstream;
  private final AtomicBoolean begun = new AtomicBoolean();

  Ending(
      Connection client,
      Upstream upstream,
      Gate.ToClient toClient,
      PostgresOwn own,
      InFlight inFlight,
      HeldClient heldClient,
      Runnable cancelUpstream) {
    this.client = client;
    this.upstream = upstream;
    this.toClient = toClient;
    this.own = own;
    this.inFlight = inFlight;
    this.heldClient = heldClient;
    this.cancelUpstream = cancelUpstream;
  }

  /** Ends it, once; returns at once. */
  void begin(Session session) {
    if (begun.compareAndSet(false, true)) {
      Thread.ofVirtual().name("ending-" + session.id()).start(() -> end(session));
    }
  }

  private void end(Session session) {
    var end = session.ended().orElseThrow();
    boolean ordered = ORDERED.contains(end.reason());
    heldClient.interrupt(
        end.reason().equals("killed")
            ? Waiting.Interruption.KILLED
            : Waiting.Interruption.LEFT); // a review outlives a session that merely ended
    inFlight.fail(new IOException(end.message()));
    if (ordered) {
      Thread.ofVirtual().name("cancel-" + session.id()).start(cancelUpstream);
    }
    if (!end.reason().equals("closed") && !end.reason().equals("left")) {
      sayWhy(end);
    }
    client.close();
    upstream.connection().close();
  }

  /** The client may not be listening: the words are given a second. */
  private void sayWhy(Session.End end) {
    var words =
        Thread.ofVirtual()
            .start(() -> {
              try {
                toClient.write(own.error("ending", RequestPump.ending(end)));
                toClient.flush();
              } catch (IOException | JournalUnavailableException e) {
                return; // it is being closed anyway
              }
            });
    try {
      words.join(LAST_WORDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
