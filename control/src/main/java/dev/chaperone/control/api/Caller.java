package dev.chaperone.control.api;

import dev.chaperone.control.projection.Lookups;
import dev.chaperone.control.reviews.Review;
import dev.chaperone.control.reviews.Standing;
import dev.chaperone.core.identity.Identity;
import dev.chaperone.core.identity.SignIn.SignedIn;
import java.util.Collections;
import java.util.Set;

/**
 * Who calls, and with which rights.
 *
 * @param origin the network address
 */
record Caller(SignedIn signedIn, boolean administrator, boolean auditor, String origin) {

  /** How much of something the caller sees, the least first. */
  enum Sees {
    /** Not even that it exists. */
    NOTHING,
    /** Who, when, which state; no text, values or output. */
    METADATA,
    /** All of it, as somebody else's. */
    CONTENT,
    /** All of it, as one's own. */
    OWN
  }

  Identity identity() {
    return signedIn.identity();
  }

  /** How much of a review. */
  Sees sees(Review review) {
    if (Standing.isOwn(review, identity())) {
      return Sees.OWN;
    }
    if (auditor || Standing.isReviewer(review, identity())) {
      return Sees.CONTENT;
    }
    return administrator ? Sees.METADATA : Sees.NOTHING;
  }

  /**
   * How much of a session.
   *
   * @param people every person key behind it
   * @param reviewers every group that reviews a command of it
   */
  Sees sees(Set<String> people, Set<String> reviewers) {
    if (people.containsAll(identity().askers())) {
      return Sees.OWN;
    }
    if (auditor || !Collections.disjoint(reviewerGroups(), reviewers)) {
      return Sees.CONTENT;
    }
    return administrator ? Sees.METADATA : Sees.NOTHING;
  }

  /** What listings show. */
  Lookups.Sight sight() {
    return new Lookups.Sight(administrator || auditor, identity().askers(), reviewerGroups());
  }

  /** Only a person who signed in reviews, so an agent's groups open nothing. */
  private Set<String> reviewerGroups() {
    return identity().kind() == Identity.Kind.PERSON && identity().onBehalfOf() == null
        ? Set.copyOf(identity().groups())
        : Set.of();
  }
}
