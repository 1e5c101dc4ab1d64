package dev.chaperone.identity.oidc;

/** What is wrong with a token, a key document or an address, in words that hold nothing of it. */
final class InvalidInputException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String problem;

  InvalidInputException(String problem) {
    super(problem);
    this.problem = problem;
  }

  InvalidInputException(String problem, Throwable cause) {
    super(problem, cause);
    this.problem = problem;
  }

  /** What is wrong; safe to show and to record. */
  String problem() {
    return problem;
  }
}
