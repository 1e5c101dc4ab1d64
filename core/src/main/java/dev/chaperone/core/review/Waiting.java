package dev.chaperone.core.review;

import dev.chaperone.core.command.Command;
import dev.chaperone.journal.JournalUnavailableException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

  /** How things stand on the resource for a command that would have to wait. */
  public enum Situation {
    /** Nothing is held up by waiting. */
    FREE,
    /** The resource holds locks for this session meanwhile: the default wait is none at all. */
    IN_TRANSACTION,
    /** Something before it failed, so it can never run: nobody is to be asked. */
    MOOT
  }

  /** The connection of the client that waits. */
  public interface Client {
    /**
     * Lets everything that came before the command run to its end and reach the client, and says
     * how things stand then. Blocks for that.
     */
    Situation settle() throws IOException, InterruptedException, JournalUnavailableException;

    /**
     * The command as it reads now: what it reaches may be something else than when it was asked.
     * Empty when that cannot be. Called after a grant, before the command is decided once more.
     */
    default Optional<Command> again()
        throws IOException, InterruptedException, JournalUnavailableException {
      return Optional.empty();
    }

    /** Tells the client that it waits. Called at the start of a wait and every minute of it. */
    void tell(Approvals.Reference review);
  }

  private final Client client;
  private final List<Runnable> listeners = new ArrayList<>();
  private Situation situation = Situation.FREE;
  private @Nullable Interruption interruption;

  /** A wait of this client; used for one command. */
  public Waiting(Client client) {
    this.client = client;
  }

  /**
   * Settles what came before; see {@link Client#settle}. The gate calls it, before asking anyone.
   */
  public Situation settle() throws IOException, InterruptedException, JournalUnavailableException {
    situation = client.settle();
    return situation;
  }

  /** The command as it reads now; see {@link Client#again}. The gate calls it, after a grant. */
  public Optional<Command> again()
      throws IOException, InterruptedException, JournalUnavailableException {
    return client.again();
  }

  /** Whether locks are held meanwhile; known after {@link #settle}. */
  public boolean inTransaction() {
    return situation == Situation.IN_TRANSACTION;
  }

  /** Tells the client that it waits; on the waiting thread. */
  public void tell(Approvals.Reference review) {
    client.tell(review);
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
