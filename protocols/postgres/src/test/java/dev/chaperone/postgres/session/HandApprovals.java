package dev.chaperone.postgres.session;

import dev.chaperone.core.review.Approvals;
import dev.chaperone.core.review.Waiting;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Approvals that a test decides by hand, at the instant that it wants to look at. */
final class HandApprovals implements Approvals {
  private final BlockingQueue<Held> held = new LinkedBlockingQueue<>();
  private final AtomicInteger asked = new AtomicInteger();

  /** A command that waits. */
  record Held(Ask ask, Reference review, CompletableFuture<Decision> decision) {
    void grant() {
      decision.complete(new Decision.Granted(review, ask.hold().rules(), List.of("grace")));
    }

    void refuse(String reason) {
      decision.complete(new Decision.Refused(review, "grace", reason));
    }

    void expire() {
      decision.complete(new Decision.Expired(review));
    }
  }

  @Override
  public Decision await(Ask ask, Waiting waiting) throws InterruptedException {
    var review = new Reference("r-" + asked.incrementAndGet(), "https://gateway/reviews/r");
    if (ask.hold().wait(waiting.inTransaction()).isZero()) {
      return new Decision.Pending(review);
    }
    var waits = new Held(ask, review, new CompletableFuture<>());
    waiting.tell(review);
    held.add(waits);
    waiting.onInterruption(() ->
        waits
            .decision()
            .complete(
                waiting.interruption().orElseThrow() == Waiting.Interruption.LEFT
                    ? new Decision.Pending(review)
                    : new Decision.Cancelled(review)));
    return waits.decision().join();
  }

  /** The next command that waits; fails the test when none comes. */
  Held next() throws InterruptedException {
    var next = held.poll(10, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("no command was held within 10 s");
    }
    return next;
  }

  /** How many reviews were asked for. */
  int asked() {
    return asked.get();
  }
}
