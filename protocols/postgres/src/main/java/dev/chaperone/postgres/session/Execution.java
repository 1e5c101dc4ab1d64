package dev.chaperone.postgres.session;

import dev.chaperone.core.gate.Run;
import org.jspecify.annotations.Nullable;

/**
 * An admitted command while the server works on it.
 *
 * @param run its record and masks
 * @param understanding what it means
 * @param copyRows what a COPY TO STDOUT will return; null for anything else, and where no mask
 *     applies
 */
record Execution(Run run, Understanding understanding, @Nullable CopyRows copyRows) {
  /** For people who debug: the command's id, never its text. */
  @Override
  public String toString() {
    return run.id();
  }
}
