package dev.chaperone.postgres.copy;

/** Rows, or the options that say how they are written, that cannot be told with certainty. */
public final class UnreadableCopyException extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what is wrong, without content of a row
   */
  public UnreadableCopyException(String message) {
    super(message);
  }
}
