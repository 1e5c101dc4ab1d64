package dev.chaperone.postgres.session;

import dev.chaperone.core.gate.Run;

/**
 * An admitted command while the server works on it.
 *
 * @param run its record and masks
 * @param understanding what it means
 */
record Execution(Run run, Understanding understanding) {
  /** For people who debug: the command's id, never its text. */
  @Override
  public String toString() {
    return run.id();
  }
}
