package dev.chaperone.control.reviews;

import dev.chaperone.control.record.EntryJson;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;

/** The rules of a review as JSON. */
public final class RuleJson {
  private RuleJson() {}

  /** The rules in the shape that entries have them, as text. */
  static String array(List<Review.Rule> rules) {
    ArrayNode array = EntryJson.object().putArray("rules");
    for (var rule : rules) {
      var json = array.addObject().put("name", rule.name());
      if (rule.message() != null) {
        json.put("message", rule.message());
      }
      var reviewers = json.putArray("reviewers");
      rule.reviewers().forEach(reviewers::add);
      json.put("count", rule.count());
    }
    return array.toString();
  }
}
