package dev.chaperone.control.client;

import dev.chaperone.control.record.EntryJson;
import dev.chaperone.control.record.Visible;
import tools.jackson.databind.JsonNode;

/** Reviews for people at a terminal. Pure; what comes out is safe to print and ends its line. */
public final class ReviewText {
  private ReviewText() {}

  /** A listing as a table. */
  public static String list(JsonNode listing) {
    if (listing.path("items").isEmpty()) {
      return "no reviews\n";
    }
    var table = new Table("REVIEW", "STATE", "ASKED", "WHO", "TARGET", "RULE", "COMMAND");
    for (var review : listing.path("items")) {
      table.row(
          Told.line(review, "id"),
          Told.line(review, "state"),
          Told.second(review, "asked"),
          Told.who(review.path("identity")),
          Told.line(review, "target"),
          Told.line(review, "rule"),
          Told.line(review.path("command"), "text"));
    }
    return table.text("") + more(listing);
  }

  /** One review in full. */
  public static String show(JsonNode review) {
    var command = review.path("command");
    var text = new StringBuilder();
    text.append("review   ").append(Told.line(review, "id")).append('\n');
    text.append("state    ").append(Told.line(review, "state")).append('\n');
    text.append("who      ").append(Told.who(review.path("identity"))).append('\n');
    text.append("target   ").append(Told.line(review, "target"));
    text.append(", database ").append(Told.line(command, "database")).append('\n');
    text.append("session  ").append(Told.line(review, "session")).append('\n');
    var intent = Told.intent(review);
    if (intent != null) {
      text.append("says     ").append(intent).append('\n');
    }
    text.append("asked    ").append(Told.second(review, "asked"));
    text.append(", expires ").append(Told.second(review, "expires")).append('\n');
    text.append("effects  ").append(Told.list(command, "effects")).append('\n');
    text.append("reaches  ").append(Told.list(command, "relations"));
    text.append(EntryJson.isTrue(command, "reachesUnknown") ? " and what is not known\n" : "\n");
    for (var rule : review.path("rules")) {
      text.append("rule     ").append(rule(rule)).append('\n');
    }
    text.append("command\n").append(Told.block(EntryJson.text(command, "text"), "    "));
    text.append(Told.parameters(command, "    "));
    for (var named : command.path("standsFor").properties()) {
      text.append("where ").append(Visible.line(named.getKey())).append(" is\n");
      text.append(Told.block(named.getValue().asString(), "    "));
    }
    for (var decision : review.path("decisions")) {
      text.append(decision(decision)).append('\n');
    }
    return text.toString();
  }

  private static String rule(JsonNode rule) {
    var told =
        Told.line(rule, "name")
            + ": "
            + EntryJson.number(rule, "granted", 0)
            + " of "
            + EntryJson.number(rule, "count", 1)
            + " from "
            + Told.list(rule, "reviewers");
    return EntryJson.text(rule, "message") == null
        ? told
        : told + " (" + Told.line(rule, "message") + ")";
  }

  private static String decision(JsonNode decision) {
    var told =
        Told.line(decision, "decision")
            + " by "
            + Told.who(decision.path("by"))
            + " at "
            + Told.second(decision, "time");
    var reason = EntryJson.text(decision, "reason");
    return reason == null || reason.isEmpty() ? told : told + ": " + Told.line(decision, "reason");
  }

  /** What a decision made of a review, on one line. */
  public static String decided(JsonNode review) {
    var state = Told.line(review, "state");
    var told = "review " + Told.line(review, "id") + " is " + state;
    return state.equals("pending") ? told + "; more reviewers are needed\n" : told + "\n";
  }

  /** The exit status of a wait: 0 when it may run or ran, else 1. */
  public static int waitStatus(JsonNode review) {
    var state = EntryJson.text(review, "state");
    return "granted".equals(state) || "used".equals(state) ? 0 : 1;
  }

  static String more(JsonNode listing) {
    return listing.has("next") ? "(there are more)\n" : "";
  }
}
