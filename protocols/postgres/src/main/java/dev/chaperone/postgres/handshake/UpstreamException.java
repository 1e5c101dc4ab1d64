package dev.chaperone.postgres.handshake;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The target could not be reached, or did not let the gateway in. The message holds no secret. */
public final class UpstreamException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String sqlState;

  /**
   * @param sqlState the server's own, or one of class 08
   */
  public UpstreamException(String sqlState, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.sqlState = sqlState;
  }

  /** The SQLSTATE for the client. */
  public String sqlState() {
    return sqlState;
  }
}
