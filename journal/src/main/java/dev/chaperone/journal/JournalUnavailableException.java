package dev.chaperone.journal;

import org.jspecify.annotations.Nullable;

/**
 * An entry could not be made durable, or it is not known whether it is. The message says why, for
 * an operator; it holds no content of entries.
 */
public final class JournalUnavailableException extends Exception {
  private static final long serialVersionUID = 1L;

  public JournalUnavailableException(String message) {
    super(message);
  }

  public JournalUnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
