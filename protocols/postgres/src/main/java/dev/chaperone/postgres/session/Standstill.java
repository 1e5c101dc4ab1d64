package dev.chaperone.postgres.session;

import java.util.function.BooleanSupplier;

/**
 * Lets a session be stopped between two commands: one that is being taken is never cut off, and
 * none is taken after. Safe for many threads.
 */
final class Standstill {
  private boolean taking;
  private boolean stopped;

  /** A message of the client's begins; false when none may be taken any more. */
  synchronized boolean begin() {
    taking = !stopped;
    return taking;
  }

  /** What the message asked for is sent, or refused. */
  synchronized void end() {
    taking = false;
  }

  /**
   * Stops the session if it stands still.
   *
   * @param settled whether nothing that was sent is unanswered, and no transaction is open
   */
  synchronized boolean stop(BooleanSupplier settled) {
    stopped = stopped || (!taking && settled.getAsBoolean());
    return stopped;
  }
}
