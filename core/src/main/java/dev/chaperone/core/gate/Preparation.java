package dev.chaperone.core.gate;

import dev.chaperone.journal.Position;

/** A statement that was understood and recorded, and that the resource may parse; nothing runs. */
public final class Preparation implements Admitted {
  private final Position recorded;

  Preparation(Position recorded) {
    this.recorded = recorded;
  }

  @Override
  public Position recorded() {
    return recorded;
  }
}
