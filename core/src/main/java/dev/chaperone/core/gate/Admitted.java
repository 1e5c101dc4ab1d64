package dev.chaperone.core.gate;

import dev.chaperone.journal.Position;

/** Something that the gate let through; further frames and responses belong to one. */
public sealed interface Admitted permits Preparation, Run {
  /** The entry that must be durable before anything of it reaches the resource. */
  Position recorded();
}
