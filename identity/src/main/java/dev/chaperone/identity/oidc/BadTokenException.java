package dev.chaperone.identity.oidc;

/** What is wrong with a token, in words that hold nothing of it. */
final class BadTokenException extends Exception {
  private static final long serialVersionUID = 1L;

  BadTokenException(String problem) {
    super(problem);
  }

  BadTokenException(String problem, Throwable cause) {
    super(problem, cause);
  }
}
