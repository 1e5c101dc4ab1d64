package dev.chaperone.control.record;

import org.jspecify.annotations.Nullable;

/** An entry of the journal that does not say what its type promises. */
public final class DamagedEntryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what is missing or wrong, without the entry's content
   */
  public DamagedEntryException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
