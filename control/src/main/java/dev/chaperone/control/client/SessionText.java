package dev.chaperone.control.client;

import dev.chaperone.control.record.EntryJson;
import tools.jackson.databind.JsonNode;

/** Sessions for people at a terminal. Pure; what comes out is safe to print and ends its line. */
public final class SessionText {
  private SessionText() {}

  /** A listing as a table. */
  public static String list(JsonNode listing) {
    if (listing.path("items").isEmpty()) {
      return "no sessions\n";
    }
    var table = new Table("SESSION", "STATE", "STARTED", "WHO", "TARGET", "FROM", "COMMANDS");
    for (var session : listing.path("items")) {
      table.row(
          Told.line(session, "id"),
          Told.line(session, "state"),
          Told.second(session, "started"),
          Told.who(session.path("identity")),
          Told.line(session, "target"),
          Told.line(session, "origin"),
          Long.toString(EntryJson.number(session, "commands", 0)));
    }
    return table.text("") + ReviewText.more(listing);
  }

  /** One session in full. */
  public static String show(JsonNode session) {
    var text = new StringBuilder();
    text.append("session   ").append(Told.line(session, "id")).append('\n');
    text.append("who       ").append(Told.who(session.path("identity"))).append('\n');
    text.append("target    ").append(Told.line(session, "target"));
    text.append(" (").append(Told.line(session, "protocol")).append("), database ");
    text.append(Told.line(session, "database")).append(", login ");
    text.append(Told.line(session, "login")).append('\n');
    text.append("from      ").append(Told.line(session, "origin"));
    text.append(", ").append(Told.line(session, "client")).append('\n');
    var intent = Told.intent(session);
    if (intent != null) {
      text.append("says      ").append(intent).append('\n');
    }
    text.append("started   ").append(Told.second(session, "started")).append('\n');
    if (session.hasNonNull("ended")) {
      text.append("ended     ").append(Told.second(session, "ended"));
      text.append(", ").append(Told.line(session, "reason"));
      text.append(": ").append(Told.line(session, "message")).append('\n');
    } else {
      text.append("ended     still open\n");
    }
    text.append("commands  ").append(EntryJson.number(session, "commands", 0)).append('\n');
    return text.toString();
  }
}
