package dev.chaperone.core.gate;

import dev.chaperone.core.command.Command;
import dev.chaperone.core.policy.Circumstances;
import dev.chaperone.core.policy.Policy;
import dev.chaperone.core.policy.Verdict;
import dev.chaperone.core.review.Approvals;
import dev.chaperone.core.review.Waiting;
import dev.chaperone.core.session.Session;
import dev.chaperone.core.snapshot.Snapshot;
import dev.chaperone.core.target.Target;
import java.time.Clock;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/** Asks the policy in force, in the session's circumstances as they are now. */
final class Deciding {
  private final Session session;
  private final Supplier<Snapshot> snapshots;
  private final Clock clock;

  Deciding(Session session, Supplier<Snapshot> snapshots, Clock clock) {
    this.session = session;
    this.snapshots = snapshots;
    this.clock = clock;
  }

  /** The verdict on a command that is about to run. */
  Verdict bound(Command command) {
    return unlessUnreadable(command, (policy, now) -> policy.decide(now, command));
  }

  /** The verdict on a statement whose parameters are not known yet. */
  Verdict unbound(Command command) {
    return unlessUnreadable(command, (policy, now) -> policy.decideUnbound(now, command));
  }

  private Verdict unlessUnreadable(
      Command command, BiFunction<Policy, Circumstances, Verdict> decision) {
    return switch (command) {
      case Command.Unreadable(var _, var why) -> new Verdict.Deny("unreadable", why);
      case Command.Statement _ -> {
        var snapshot = snapshots.get();
        var target = snapshot.target(session.target().name());
        yield target.isEmpty()
            ? new Verdict.Deny("configuration", "the target is no longer configured")
            : decision.apply(snapshot.policy(), circumstances(target.get()));
      }
    };
  }

  private Circumstances circumstances(Target target) {
    var opening = session.opening();
    return new Circumstances(
        opening.identity(),
        session.intent(),
        target,
        opening.origin(),
        opening.login(),
        session.started(),
        clock.instant());
  }

  /** A command that would be held, but can never run. */
  static Passage.Refusal moot(String id, Verdict.Hold hold) {
    return new Passage.Refusal(
        id, Passage.Reason.MOOT, hold.rules(), "a command before it failed", null);
  }

  /** What the client is told of a hold that was not granted. */
  static Passage.Refusal refusal(
      String id, Verdict.Hold hold, Approvals.Decision decision, Waiting waiting) {
    var rules = hold.rules();
    var message = hold.message();
    return switch (decision) {
      case Approvals.Decision.Granted _ ->
          throw new IllegalStateException("a granted command is not refused");
      case Approvals.Decision.Refused(var review, var by, var reason) ->
          new Passage.Refusal(
              id, Passage.Reason.REFUSED, rules, "refused by " + by + ": " + reason, review);
      case Approvals.Decision.Expired(var review) ->
          new Passage.Refusal(id, Passage.Reason.EXPIRED, rules, message, review);
      case Approvals.Decision.Cancelled(var review) ->
          new Passage.Refusal(id, Passage.Reason.CANCELLED, rules, message, review);
      case Approvals.Decision.Pending(var review) -> {
        var left = waiting.interruption().isPresent();
        var reason = left ? Passage.Reason.LEFT : Passage.Reason.PENDING;
        yield new Passage.Refusal(id, reason, rules, message, review);
      }
      case Approvals.Decision.TooMany(var limit) ->
          new Passage.Refusal(
              id,
              Passage.Reason.TOO_MANY_REVIEWS,
              rules,
              "more than " + limit + " reviews are pending for this identity",
              null);
    };
  }
}
