package dev.chaperone.core.review;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One command's wait for a review, from the client's side: how the client is told, and what may end
 * the wait early. Safe for several threads.
 */
public final class Waiting {
  /** What ends a wait before a person does. */
  public enum Interruption {
    /** The client left: the wait ends, the review stays. */
    LEFT,
    /** The client cancelled the command: the review ends. */
    CANCELLED,
    /** The session is over by order: the review ends. */
    KILLED
  }

  private final boolean inTransaction;
  private final Consumer<Approvals.Reference> told;
  private final List<Runnable> listeners = new ArrayList<>();
  private @Nullable Interruption interruption;

  /**
   * @param inTransaction whether the resource holds locks for this session meanwhile
   * @param told tells the client that it waits, and for what; called at the start of a wait and
   *     every minute of it, on the waiting thread
   */
  public Waiting(boolean inTransaction, Consumer<Approvals.Reference> told) {
    this.inTransaction = inTransaction;
    this.told = told;
  }

  /** Whether locks are held meanwhile: then the default wait is none at all. */
  public boolean inTransaction() {
    return inTransaction;
  }

  /** Tells the client that it waits. */
  public void tell(Approvals.Reference review) {
    told.accept(review);
  }

  /** Ends the wait; the first interruption counts. */
  public void interrupt(Interruption why) {
    List<Runnable> toCall;
    synchronized (this) {
      if (interruption != null) {
        return;
      }
      interruption = why;
      toCall = List.copyOf(listeners);
    }
    toCall.forEach(Runnable::run);
  }

  /** What ended the wait, if anything did. */
  public synchronized Optional<Interruption> interruption() {
    return Optional.ofNullable(interruption);
  }

  /** Has {@code wake} called when the wait is interrupted; at once if it was already. */
  public void onInterruption(Runnable wake) {
    synchronized (this) {
      listeners.add(wake);
      if (interruption == null) {
        return;
      }
    }
    wake.run();
  }
}
