package dev.chaperone.core.identity;

import org.jspecify.annotations.Nullable;

/**
 * A sign-in that proved nothing. The message names what is wrong and holds no part of the token
 * that is secret.
 */
public final class SignInRefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final @Nullable String issuer;

  /**
   * @param message safe to show to the client and to record
   * @param issuer the configured issuer that was asked, if it got that far
   */
  public SignInRefusedException(String message, @Nullable String issuer) {
    super(message);
    this.issuer = issuer;
  }

  /** The configured issuer's name, if the token named one. */
  public @Nullable String issuer() {
    return issuer;
  }
}
