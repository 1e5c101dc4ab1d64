package dev.chaperone.control.reviews;

import dev.chaperone.control.record.Actor;
import dev.chaperone.core.review.Approvals.Ask;

/** Which review an ask belongs to. */
final class ReviewKeys {
  private ReviewKeys() {}

  static Review.Key of(Ask ask) {
    return Review.key(
        ask.digest().hex(),
        ask.session().target().name(),
        Actor.of(ask.session().identity()),
        ask.hold().holding().stream().map(Review.Rule::of).toList());
  }
}
