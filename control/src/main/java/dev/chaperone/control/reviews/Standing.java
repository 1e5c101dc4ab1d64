package dev.chaperone.control.reviews;

import dev.chaperone.core.identity.Identity;
import dev.chaperone.core.identity.SignIn.SignedIn;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;

/** Who stands how to a review. Pure. */
public final class Standing {
  private Standing() {}

  /**
   * Whether a review is the identity's own: everyone behind it is behind the review too, so that an
   * agent does not see what its person does without it, or with another agent.
   */
  public static boolean isOwn(Review review, Identity identity) {
    return review.askers().containsAll(identity.askers());
  }

  /** Whether it is a person who belongs to a group that the review's rules name. */
  public static boolean isReviewer(Review review, Identity identity) {
    return identity.kind() == Identity.Kind.PERSON
        && identity.onBehalfOf() == null
        && !Collections.disjoint(review.reviewers(), identity.groups());
  }

  /**
   * Why this sign-in may not decide the review, if so.
   *
   * @param freshSignIn how long a sign-in is fresh
   */
  static Optional<Ruling.Why> whyNot(
      Review review, SignedIn who, Instant now, Duration freshSignIn) {
    var identity = who.identity();
    if (!Collections.disjoint(review.askers(), identity.askers())) {
      return Optional.of(Ruling.Why.ASKER);
    }
    if (!isReviewer(review, identity)) {
      return Optional.of(Ruling.Why.NOT_A_REVIEWER);
    }
    if (!who.mayReview()) {
      return Optional.of(Ruling.Why.NOT_OWN_SIGN_IN);
    }
    var signedIn = identity.credential().authenticated();
    if (now.isAfter(signedIn.plus(freshSignIn))) {
      return Optional.of(Ruling.Why.STALE_SIGN_IN);
    }
    return Optional.empty();
  }
}
