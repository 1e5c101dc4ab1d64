package dev.chaperone.app.cli;

/** A command that cannot go on: one line for the person at the terminal, and an exit status. */
public final class CommandFailedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;

  /**
   * @param status one of {@link ExitStatus}
   * @param message what is wrong, where, and what to do; one line without a secret
   */
  public CommandFailedException(int status, String message) {
    super(message);
    this.status = status;
  }

  /** The same with what caused it, which is shown with {@code --debug} alone. */
  public CommandFailedException(int status, String message, Throwable cause) {
    super(message, cause);
    this.status = status;
  }

  /** One of {@link ExitStatus}. */
  public int status() {
    return status;
  }
}
