package dev.chaperone.core.session;

/** As many sessions are open as may be; the message says whose, and is for the client. */
public final class SessionRefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  SessionRefusedException(String message) {
    super(message);
  }
}
