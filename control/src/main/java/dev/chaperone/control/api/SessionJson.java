package dev.chaperone.control.api;

import dev.chaperone.control.projection.Lookups;
import dev.chaperone.control.record.Actor;
import dev.chaperone.control.record.EntryJson;
import dev.chaperone.journal.JournalReader;
import java.io.IOException;
import tools.jackson.databind.node.ObjectNode;

/** A session as the API shows it. */
final class SessionJson {
  private SessionJson() {}

  /**
   * Reads what the session's first and last entries say.
   *
   * @param content whether the stated intent is shown
   */
  static ObjectNode of(Lookups.SessionRow row, JournalReader journal, boolean content)
      throws IOException {
    var opened = EntryJson.parse(journal.read(row.opened()));
    var json = EntryJson.object().put("id", row.id());
    var identity = Actor.of(opened.path("identity")).json();
    Shown.copy(opened.path("identity"), identity, "name");
    json.set("identity", identity);
    Shown.copy(opened, json, "target", "protocol", "database", "login");
    if (content) {
      Shown.copy(opened, json, "intent");
    } else {
      json.putNull("intent");
    }
    Shown.copy(opened, json, "origin", "client");
    json.put("started", EntryJson.text(opened, "time"));
    var end = row.ended();
    if (end == null) {
      json.putNull("ended").put("state", "open").putNull("reason").putNull("message");
    } else {
      var ended = EntryJson.parse(journal.read(end));
      json.put("ended", EntryJson.text(ended, "time")).put("state", "ended");
      Shown.copy(ended, json, "reason", "message");
    }
    return json.put("commands", row.commands());
  }
}
