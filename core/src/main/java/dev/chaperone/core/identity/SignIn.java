package dev.chaperone.core.identity;

/** Turns a token into an identity, or says why not. Implementations are safe for many threads. */
public interface SignIn {
  /**
   * Checks a token: size, signature, algorithm, issuer, audience, expiry, not-before. May block for
   * a bounded time on the issuer's keys.
   *
   * @param token the bearer token as presented; never logged or recorded
   * @throws SignInRefusedException when it proves nothing; its message is safe to show and record
   */
  SignedIn signIn(String token) throws SignInRefusedException;

  /**
   * A proven identity with what its token states.
   *
   * @param identity who acts
   * @param intent the intent that the token carries, or {@link Intent#NONE}
   * @param mayReview whether the token is a person's own sign-in, not a delegated or narrowed one
   */
  record SignedIn(Identity identity, Intent intent, boolean mayReview) {}
}
