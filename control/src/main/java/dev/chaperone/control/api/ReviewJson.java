package dev.chaperone.control.api;

import dev.chaperone.control.record.EntryJson;
import dev.chaperone.control.reviews.Review;
import dev.chaperone.control.reviews.ReviewState;
import dev.chaperone.core.review.Approvals.Reference;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A review as the API shows it. */
final class ReviewJson {
  private ReviewJson() {}

  /**
   * @param asked the entry {@code review.asked}, complete
   * @param content whether text and values are shown
   */
  static ObjectNode of(Review review, JsonNode asked, Reference reference, boolean content) {
    var useBefore = review.useBefore();
    var json =
        EntryJson.object()
            .put("id", review.id())
            .put("state", review.state().word())
            .put("address", reference.address())
            .put("rule", review.rules().getFirst().name())
            .put("message", message(review));
    rules(json, review);
    json.set("identity", review.asker().json());
    json.put("target", review.target()).put("session", review.session());
    json.set("command", command(review, asked, content));
    json.put("digest", review.digest());
    if (content) {
      Shown.copy(asked, json, "intent");
    } else {
      json.putNull("intent");
    }
    json.put("asked", review.asked().toString())
        .put("expires", review.expires().toString())
        .put("useBefore", useBefore == null ? null : useBefore.toString());
    decisions(json, review);
    return json;
  }

  private static @Nullable String message(Review review) {
    return review.rules().stream()
        .map(Review.Rule::message)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  private static void rules(ObjectNode json, Review review) {
    var rules = json.putArray("rules");
    for (var rule : review.rules()) {
      var one = rules.addObject().put("name", rule.name()).put("message", rule.message());
      Shown.array(one, "reviewers", List.copyOf(rule.reviewers()));
      one.put("count", rule.count()).put("granted", review.grants(rule));
    }
  }

  private static ObjectNode command(Review review, JsonNode asked, boolean content) {
    var command = EntryJson.object().put("id", review.command());
    Shown.copy(asked, command, "kind");
    if (content) {
      Shown.text(command, "text", EntryJson.text(asked, "text"));
      Shown.parameters(asked, command);
      if (asked.has("standsFor")) {
        command.set("standsFor", asked.get("standsFor"));
      }
    } else {
      command.putNull("text").putNull("parameters");
    }
    Shown.copy(asked, command, "effects", "relations", "functions", "database", "reachesUnknown");
    return command;
  }

  private static void decisions(ObjectNode json, Review review) {
    var decisions = json.putArray("decisions");
    for (var made : review.decisions()) {
      var one = decisions.addObject().put("decision", made.what().word());
      var who = made.who();
      if (who == null) {
        one.putNull("by");
      } else {
        one.set("by", who.json().put("name", made.name()));
      }
      one.put("time", made.time().toString());
      Shown.text(one, "reason", made.reason());
      if (made.what() == ReviewState.GRANTED) {
        Shown.array(one, "rules", made.rules());
      }
    }
  }
}
