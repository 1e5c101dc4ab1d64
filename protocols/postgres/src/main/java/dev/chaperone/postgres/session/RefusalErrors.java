package dev.chaperone.postgres.session;

import dev.chaperone.core.gate.JsonText;
import dev.chaperone.core.gate.Passage;
import dev.chaperone.core.review.Approvals;
import dev.chaperone.postgres.wire.ErrorFields;
import java.util.LinkedHashMap;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How a PostgreSQL client reads a refusal: SQLSTATE, DETAIL as a JSON object, HINT what to do. */
final class RefusalErrors {
  private static final String NOT_ALLOWED = "42501";

  /**
   * A mistake of the client's, which the server would answer with the same words: a syntax error,
   * an unknown statement, an unknown portal. No policy has spoken, so no detail says so.
   */
  private static final Set<String> AS_THE_SERVER = Set.of("42601", "26000", "34000");

  private RefusalErrors() {}

  /** The error in the place of a command's reply. */
  static ErrorFields of(Passage.Refusal refusal, Understanding.@Nullable Flaw flaw) {
    var rule = String.join(", ", refusal.rules());
    var said = refusal.message();
    var error =
        switch (refusal.reason()) {
          case DENIED ->
              error(refusal, NOT_ALLOWED, "denied by policy" + because(said), deniedHint(rule));
          case UNREADABLE -> unreadable(refusal, flaw);
          case PENDING ->
              error(refusal, NOT_ALLOWED, "held for review" + because(said), pendingHint(refusal));
          case REFUSED -> error(refusal, NOT_ALLOWED, "review " + said, "");
          case EXPIRED ->
              error(
                  refusal,
                  NOT_ALLOWED,
                  "nobody decided the review in time",
                  "Run the same command again to ask anew.");
          case CANCELLED ->
              error(refusal, "57014", "the review was cancelled, the command did not run", "");
          case LEFT -> error(refusal, "57014", "the client left while the command was held", "");
          case MOOT ->
              ErrorFields.of(
                  "ERROR",
                  "25P02",
                  "current transaction is aborted, commands ignored until end of transaction block",
                  null,
                  "");
          case TOO_MANY_REVIEWS ->
              error(refusal, NOT_ALLOWED, String.valueOf(said), "Wait for one to be decided.");
        };
    return flaw != null && flaw.position() > 0 ? error.at(flaw.position()) : error;
  }

  private static ErrorFields unreadable(
      Passage.Refusal refusal, Understanding.@Nullable Flaw flaw) {
    var why = Objects.requireNonNullElse(refusal.message(), "the command cannot be read");
    if (flaw != null && AS_THE_SERVER.contains(flaw.sqlState())) {
      return ErrorFields.of("ERROR", flaw.sqlState(), why, null, "");
    }
    return error(refusal, flaw == null ? NOT_ALLOWED : flaw.sqlState(), why, "");
  }

  /** What a client is told while it waits. */
  static ErrorFields waiting(Approvals.Reference review) {
    var detail = new LinkedHashMap<String, String>();
    detail.put("review", review.id());
    detail.put("state", "pending");
    detail.put("address", review.address());
    return ErrorFields.of(
        "NOTICE",
        "00000",
        "waiting for a person to review this command: " + review.id() + " at " + review.address(),
        JsonText.object(detail),
        "Cancel the command to withdraw it.");
  }

  private static ErrorFields error(
      Passage.Refusal refusal, String sqlState, String message, String hint) {
    var detail = new LinkedHashMap<String, String>();
    var review = refusal.review();
    if (review != null) {
      detail.put("review", review.id());
    }
    detail.put("state", refusal.reason().word());
    detail.put("rule", String.join(", ", refusal.rules()));
    if (review != null) {
      detail.put("address", review.address());
    }
    return ErrorFields.of("ERROR", sqlState, message, JsonText.object(detail), hint);
  }

  private static String because(@Nullable String message) {
    return message == null ? "" : ": " + message;
  }

  private static String deniedHint(String rule) {
    return rule.equals("default")
        ? "No rule of the policy allows it."
        : "The rule is named in the detail; ask whoever keeps the policy.";
  }

  private static String pendingHint(Passage.Refusal refusal) {
    var review = refusal.review();
    var id = review == null ? "" : " " + review.id();
    return "Run the same command again once it is granted; \"chaperone reviews wait"
        + id
        + "\" tells when.";
  }
}
