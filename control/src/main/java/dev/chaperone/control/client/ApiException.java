package dev.chaperone.control.client;

/** The gateway's answer to a call that it did not do, or why it could not be reached. */
public final class ApiException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String type;

  /**
   * @param status the HTTP status; 0 when there was no answer
   * @param type the problem's type (RFC 9457)
   * @param message one line for people, safe to print
   */
  public ApiException(int status, String type, String message) {
    super(message);
    this.status = status;
    this.type = type;
  }

  /** The HTTP status; 0 when there was no answer. */
  public int status() {
    return status;
  }

  /** The problem's type, for example {@code urn:chaperone:problem:stale-sign-in}. */
  public String type() {
    return type;
  }
}
