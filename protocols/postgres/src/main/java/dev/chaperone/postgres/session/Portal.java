package dev.chaperone.postgres.session;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A bound statement. The request pump alone asks whether and how it was executed; the response pump
 * alone knows the shape of its rows and which command they belong to.
 */
final class Portal {
  private final List<Boolean> formats;
  private volatile Execution execution;
  private volatile boolean distrusted;
  private Execution begun;
  private boolean executed;
  private boolean mayContinue;
  private @Nullable RowShape shape;

  /**
   * @param formats the result's format codes as Bind gave them; true for binary
   */
  Portal(Execution execution, List<Boolean> formats) {
    this.execution = execution;
    this.begun = execution;
    this.formats = List.copyOf(formats);
  }

  Execution execution() {
    return execution;
  }

  /** The portal is run once more, as another command. */
  void execution(Execution next) {
    execution = next;
  }

  /** Something ran since that may have put another portal in its place. */
  Portal distrusted() {
    distrusted = true;
    return this;
  }

  boolean isDistrusted() {
    return distrusted;
  }

  /** The command whose answers came last. */
  Execution begun() {
    return begun;
  }

  void begun(Execution now) {
    begun = now;
  }

  /** Whether an Execute was sent already. */
  boolean executed() {
    return executed;
  }

  /** Whether the last Execute had a row limit, so that another one may only continue it. */
  boolean mayContinue() {
    return mayContinue;
  }

  void executedWith(int limit) {
    executed = true;
    mayContinue = limit > 0;
  }

  /** What its rows look like, once that is known. */
  @Nullable RowShape shape() {
    return shape;
  }

  void shape(@Nullable RowShape described) {
    shape = described;
  }

  /** Whether a column of the result is in binary, as Bind asked. */
  boolean isBinary(int column) {
    return switch (formats.size()) {
      case 0 -> false;
      case 1 -> formats.getFirst();
      default -> column < formats.size() && formats.get(column);
    };
  }
}
