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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ends a session from any thread: whoever waits is woken, what runs on the server is cancelled
 * where somebody ordered the end, the client is told if it listens and is given the time to hear
 * it, and both connections close.
 */
final class Ending {
  private static final Duration LAST_WORDS = Duration.ofSeconds(1);

  /** How long a client that was told may take to read it and close. */
  private static final Duration TO_HEAR = Duration.ofMillis(500);

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
  private final CountDownLatch said = new CountDownLatch(1);
  private final CountDownLatch heard = new CountDownLatch(1);

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
    boolean runs = ORDERED.contains(end.reason()) && !inFlight.isEmpty();
    heldClient.interrupt(
        end.reason().equals("killed")
            ? Waiting.Interruption.KILLED
            : Waiting.Interruption.LEFT); // a review outlives a session that merely ended
    inFlight.fail(new IOException(end.message()));
    if (runs) {
      Thread.ofVirtual().name("cancel-" + session.id()).start(cancelUpstream);
    }
    boolean listens = !end.reason().equals("closed") && !end.reason().equals("left");
    if (listens) {
      sayWhy(end);
    }
    said.countDown();
    upstream.connection().close();
    if (listens) {
      await(heard, TO_HEAR);
    }
    client.close();
  }

  /**
   * Nothing reads from the client any more: waits for the last words, and until the client has
   * closed. Bounded.
   */
  void hear() {
    await(said, LAST_WORDS.multipliedBy(2));
    client.drain(TO_HEAR);
    heard.countDown();
  }

  private static void await(CountDownLatch latch, Duration longest) {
    try {
      if (!latch.await(longest.toMillis(), TimeUnit.MILLISECONDS)) {
        return; // whoever is slower is not waited for
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The client may not be listening: the words are given a second. */
  private void sayWhy(Session.End end) {
    var words =
        Thread.ofVirtual()
            .start(() -> {
              try {
                toClient.write(own.error("ending", RequestPump.ending(end)));
                toClient.flush();
                client.finishWriting();
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
