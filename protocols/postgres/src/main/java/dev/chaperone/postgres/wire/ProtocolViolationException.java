package dev.chaperone.postgres.wire;

import java.io.IOException;

/** Bytes that break the protocol; the connection cannot be used any further. */
public final class ProtocolViolationException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what is wrong, without content of the message
   */
  public ProtocolViolationException(String message) {
    super(message);
  }
}
