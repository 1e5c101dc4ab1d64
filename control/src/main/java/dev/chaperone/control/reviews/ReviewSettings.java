package dev.chaperone.control.reviews;

import java.time.Duration;

/**
 * How reviews are bounded.
 *
 * @param pendingPerIdentity how many reviews of one identity may be pending
 * @param freshSignIn how long after a person's sign-in that person may decide
 * @param tellEvery how often a waiting client is told that it waits
 */
public record ReviewSettings(int pendingPerIdentity, Duration freshSignIn, Duration tellEvery) {
  /** Twenty pending, five minutes, told every minute. */
  public static final ReviewSettings DEFAULT =
      new ReviewSettings(20, Duration.ofMinutes(5), Duration.ofMinutes(1));

  public ReviewSettings {
    if (pendingPerIdentity < 1 || !freshSignIn.isPositive() || !tellEvery.isPositive()) {
      throw new IllegalArgumentException("the bounds of reviews are positive");
    }
  }
}
