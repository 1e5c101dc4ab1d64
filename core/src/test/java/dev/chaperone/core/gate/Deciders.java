package dev.chaperone.core.gate;

import dev.chaperone.core.review.Approvals;
import dev.chaperone.core.review.Waiting;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;

/** People who decide as a test told them to beforehand. */
final class Deciders implements Approvals {
  static final Reference REVIEW = new Reference("r-1", "https://gateway.test/reviews/r-1");

  private final Deque<Function<Ask, Decision>> decisions = new ArrayDeque<>();
  private final List<Ask> asks = new ArrayList<>();

  /** The next ask is answered so. */
  Deciders then(Function<Ask, Decision> decision) {
    decisions.add(decision);
    return this;
  }

  /** The next ask is granted, for the rules that hold then. */
  Deciders thenGrant() {
    return then(ask -> new Decision.Granted(REVIEW, ask.hold().rules(), List.of("dora")));
  }

  List<Ask> asks() {
    return asks;
  }

  @Override
  public Decision await(Ask ask, Waiting waiting) {
    asks.add(ask);
    var decision = decisions.poll();
    if (decision == null) {
      throw new AssertionError("nobody was expected to be asked about " + ask.commandId());
    }
    return decision.apply(ask);
  }
}
