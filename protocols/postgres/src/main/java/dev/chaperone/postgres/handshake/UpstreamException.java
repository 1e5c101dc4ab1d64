package dev.chaperone.postgres.handshake;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The target could not be reached, or did not let the gateway in. The message holds no secret. */
public final class UpstreamException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String sqlState;
  private final Scope scope;

  /** What it says of another attempt. */
  enum Scope {
    /** Another address of the target may do better. */
    ADDRESS,
    /** Something of the start-up message is not understood: a plainer one may be. */
    START_UP,
    /** Nothing: the target has answered. */
    TARGET
  }

  /**
   * @param sqlState the server's own, or one of class 08
   */
  public UpstreamException(String sqlState, String message, @Nullable Throwable cause) {
    this(sqlState, message, cause, Scope.TARGET);
  }

  UpstreamException(String sqlState, String message, @Nullable Throwable cause, Scope scope) {
    super(message, cause);
    this.sqlState = sqlState;
    this.scope = scope;
  }

  /** The SQLSTATE for the client. */
  public String sqlState() {
    return sqlState;
  }

  Scope scope() {
    return scope;
  }
}
