package dev.chaperone.core.target;

import java.util.function.Supplier;

/** A value that never shows itself: a reference is resolved only when it is needed. */
public final class Secret {
  private final Supplier<String> source;

  /**
   * @param source resolves the value each time it is needed; throws when it cannot, with a message
   *     that names the reference and not the value
   */
  public Secret(Supplier<String> source) {
    this.source = source;
  }

  /** The value itself; the caller keeps it no longer than it needs it. */
  public String reveal() {
    return source.get();
  }

  @Override
  public String toString() {
    return "(secret)";
  }
}
