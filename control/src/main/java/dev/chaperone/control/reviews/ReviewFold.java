package dev.chaperone.control.reviews;

import dev.chaperone.control.record.Actor;
import dev.chaperone.control.record.DamagedEntryException;
import dev.chaperone.control.record.EntryJson;
import dev.chaperone.core.session.EntryTypes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the entries of a review make of it. The one place where a review changes: a live transition
 * applies the very entry that was recorded, so memory cannot differ from the journal.
 */
public final class ReviewFold {
  private ReviewFold() {}

  /**
   * The review that its entries tell.
   *
   * @param entries in order, with their content in them
   * @throws DamagedEntryException if they tell none
   */
  public static Review of(List<ObjectNode> entries) {
    Review review = null;
    for (var entry : entries) {
      review = after(review, entry);
    }
    if (review == null) {
      throw new DamagedEntryException("a review without entries", null);
    }
    return review;
  }

  /** The review after one more entry; {@code review} is null before the first. */
  static Review after(@Nullable Review review, JsonNode entry) {
    var type = EntryJson.needText(entry, "type");
    if (type.equals(EntryTypes.REVIEW_ASKED)) {
      return asked(entry);
    }
    if (review == null) {
      throw new DamagedEntryException("a review that begins with " + type, null);
    }
    return switch (type) {
      case EntryTypes.REVIEW_GRANTED -> granted(review, entry);
      case EntryTypes.REVIEW_REFUSED ->
          review.with(decision(ReviewState.REFUSED, entry)).in(ReviewState.REFUSED);
      case EntryTypes.REVIEW_CANCELLED ->
          review.with(decision(ReviewState.CANCELLED, entry)).in(ReviewState.CANCELLED);
      case EntryTypes.REVIEW_EXPIRED -> review.in(ReviewState.EXPIRED);
      case EntryTypes.REVIEW_USED -> review.in(ReviewState.USED);
      default -> throw new DamagedEntryException("not an entry of a review: " + type, null);
    };
  }

  private static Review granted(Review review, JsonNode entry) {
    var after = review.with(decision(ReviewState.GRANTED, entry));
    return EntryJson.isTrue(entry, "complete")
        ? after.grantedUntil(EntryJson.time(entry, "useBefore"))
        : after;
  }

  private static Review asked(JsonNode entry) {
    return new Review(
        EntryJson.needText(entry, "review"),
        ReviewState.PENDING,
        EntryJson.needText(entry, "digest"),
        Actor.of(entry.path("identity")),
        new HashSet<>(EntryJson.texts(entry, "askers")),
        EntryJson.needText(entry, "target"),
        EntryJson.needText(entry, "session"),
        EntryJson.needText(entry, "command"),
        rules(entry),
        EntryJson.time(entry, "time"),
        EntryJson.time(entry, "expires"),
        Duration.ofMillis(EntryJson.number(entry, "useWithinMillis", 0)),
        null,
        List.of());
  }

  private static List<Review.Rule> rules(JsonNode entry) {
    var rules = new ArrayList<Review.Rule>();
    for (var rule : entry.path("rules")) {
      rules.add(
          new Review.Rule(
              EntryJson.needText(rule, "name"),
              EntryJson.text(rule, "message"),
              new TreeSet<>(EntryJson.texts(rule, "reviewers")),
              (int) EntryJson.number(rule, "count", 1)));
    }
    if (rules.isEmpty()) {
      throw new DamagedEntryException("a review without a rule", null);
    }
    return rules;
  }

  private static Review.PersonDecision decision(ReviewState what, JsonNode entry) {
    var by = EntryJson.text(entry, "by");
    var reason = EntryJson.text(entry, "reason");
    var identity = entry.get("identity");
    return new Review.PersonDecision(
        what,
        by == null ? "" : by,
        identity == null ? null : Actor.of(identity),
        EntryJson.text(entry, "name"),
        EntryJson.time(entry, "time"),
        reason == null ? "" : reason,
        EntryJson.texts(entry, "rules"));
  }
}
