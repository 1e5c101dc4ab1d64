package dev.chaperone.core.policy;

import dev.chaperone.core.command.Command;

/** Decides. Pure and total: no I/O, no clock; an unknown effect is never allowed by default. */
public interface Policy {
  /** The verdict on a command that is about to run. Never throws. */
  Verdict decide(Circumstances circumstances, Command command);

  /**
   * The verdict on a statement that is only prepared, its parameters still unknown. A rule counts
   * if its condition holds whatever {@code command.parameters} will be; one that depends on them is
   * left out, and a denial because nothing matched stands only where no such rule could lift it. A
   * hold is not waited for here, since nothing runs yet. Never throws.
   */
  Verdict decideUnbound(Circumstances circumstances, Command command);

  /** Whether any mask concerns this target at all, whoever asks. */
  boolean masksAnythingOn(String target);
}
