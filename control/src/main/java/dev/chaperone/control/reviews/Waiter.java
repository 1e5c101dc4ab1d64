package dev.chaperone.control.reviews;

import dev.chaperone.core.review.Approvals.Ask;
import dev.chaperone.core.review.Waiting;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;

/** One command that waits. What is mutable belongs to the waiting thread. */
final class Waiter {
  private final Ask ask;
  private final Waiting waiting;
  private final long ticket;
  private final Condition woken;
  private final long untilNanos;
  private long tellAtNanos = System.nanoTime();

  /**
   * @param ticket orders waiters by age
   * @param woken of the lock that guards the review
   */
  Waiter(Ask ask, Waiting waiting, long ticket, Condition woken) {
    this.ask = ask;
    this.waiting = waiting;
    this.ticket = ticket;
    this.woken = woken;
    this.untilNanos = System.nanoTime() + ask.hold().wait(waiting.inTransaction()).toNanos();
  }

  Ask ask() {
    return ask;
  }

  Waiting waiting() {
    return waiting;
  }

  long ticket() {
    return ticket;
  }

  Condition woken() {
    return woken;
  }

  /** Whether the client is kept waiting no longer. */
  boolean isOver() {
    return untilNanos - System.nanoTime() <= 0;
  }

  /** It waits for another review now, so the client must hear of it. */
  void tellAtOnce() {
    tellAtNanos = System.nanoTime();
  }

  boolean isToBeTold() {
    return tellAtNanos - System.nanoTime() <= 0;
  }

  void tellAgainIn(Duration every) {
    tellAtNanos = System.nanoTime() + every.toNanos();
  }

  /** How long to sleep until there is something to do. */
  long sleepNanos() {
    long now = System.nanoTime();
    return Math.min(untilNanos - now, tellAtNanos - now);
  }

  /**
   * What ended the wait early, if anything did: the session's own end counts too, so that nothing
   * is granted to a session that is over.
   */
  Waiting.@Nullable Interruption interruption() {
    var interruption = waiting.interruption();
    if (interruption.isPresent()) {
      return interruption.get();
    }
    return ask.session()
        .ended()
        .map(end ->
            end.reason().equals("killed") ? Waiting.Interruption.KILLED : Waiting.Interruption.LEFT)
        .orElse(null);
  }
}
