package dev.chaperone.core.snapshot;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** The snapshot in force. Reading never blocks; a swap is seen by the next command. */
public final class Snapshots implements Supplier<Snapshot> {
  private final AtomicReference<Snapshot> current;

  public Snapshots(Snapshot first) {
    this.current = new AtomicReference<>(first);
  }

  @Override
  public Snapshot get() {
    return current.get();
  }

  /** Puts another snapshot in force. */
  public void swap(Snapshot next) {
    current.set(next);
  }
}
