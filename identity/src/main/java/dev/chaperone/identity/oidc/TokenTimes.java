package dev.chaperone.identity.oidc;

import java.time.Duration;
import java.time.Instant;

/**
 * When a token was issued and until when it counts.
 *
 * @param issued {@code iat}, required: without it nobody can say how fresh a sign-in is
 * @param expires {@code exp}, required
 * @param authenticated {@code auth_time}, else {@code iat}
 */
record TokenTimes(Instant issued, Instant expires, Instant authenticated) {
  /** How far the issuer's clock may be off, either way. */
  static final Duration LEEWAY = Duration.ofSeconds(60);

  /** The longest lifetime that is taken: whatever lives longer is a password, not a sign-in. */
  static final Duration LONGEST = Duration.ofHours(24);

  /** Checks expiry, not-before, issue and lifetime at this time. */
  static TokenTimes check(Claims claims, Instant now) throws InvalidInputException {
    var expires =
        claims.time("exp").orElseThrow(() -> new InvalidInputException("claim exp is missing"));
    var issued =
        claims.time("iat").orElseThrow(() -> new InvalidInputException("claim iat is missing"));
    var notBefore = claims.time("nbf").orElse(issued);
    var authenticated = claims.time("auth_time").orElse(issued);
    if (!now.isBefore(expires.plus(LEEWAY))) {
      throw new InvalidInputException("the token has expired");
    }
    var latest = now.plus(LEEWAY);
    if (issued.isAfter(latest) || authenticated.isAfter(latest)) {
      throw new InvalidInputException("the token was issued in the future (iat, auth_time)");
    }
    if (notBefore.isAfter(latest)) {
      throw new InvalidInputException("the token is not valid yet (nbf)");
    }
    if (!issued.isBefore(expires)) {
      throw new InvalidInputException("the token ends before it begins (iat, exp)");
    }
    if (Duration.between(issued, expires).compareTo(LONGEST) > 0) {
      throw new InvalidInputException(
          "the token lives longer than " + LONGEST.toHours() + " hours");
    }
    return new TokenTimes(issued, expires, authenticated);
  }
}
