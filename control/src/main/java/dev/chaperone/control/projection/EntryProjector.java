package dev.chaperone.control.projection;

import dev.chaperone.control.record.Actor;
import dev.chaperone.control.record.DamagedEntryException;
import dev.chaperone.control.record.EntryJson;
import dev.chaperone.core.session.EntryTypes;
import dev.chaperone.journal.Entry;
import java.sql.SQLException;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** What each type of entry changes in the state file. Types that change nothing pass by. */
final class EntryProjector {
  private final Database database;

  EntryProjector(Database database) {
    this.database = database;
  }

  /**
   * Applies one entry.
   *
   * @throws DamagedEntryException if it does not say what its type promises
   */
  void apply(long index, Entry raw) throws SQLException {
    var entry = EntryJson.parse(raw);
    var type = EntryJson.needText(entry, "type");
    session(index, type, entry);
    var review = EntryJson.text(entry, "review");
    if (review != null && (type.startsWith("review.") || type.equals(EntryTypes.CONTENT))) {
      review(index, type, review, entry);
      return;
    }
    var command = EntryJson.text(entry, "command");
    if (command != null) {
      command(index, type, command, entry);
    }
  }

  private void session(long index, String type, ObjectNode entry) throws SQLException {
    var session = EntryJson.text(entry, "session");
    long n = EntryJson.number(entry, "n", 0);
    if (session == null || n == 0) {
      return;
    }
    if (type.equals(EntryTypes.SESSION_OPENED)) {
      opened(index, session, n, entry);
    } else {
      database.change("UPDATE sessions SET n = ? WHERE id = ?", n, session);
    }
    if (type.equals(EntryTypes.SESSION_ENDED)) {
      database.change("UPDATE sessions SET ended = ? WHERE id = ?", index, session);
    }
  }

  private void opened(long index, String session, long n, ObjectNode entry) throws SQLException {
    var identity = entry.path("identity");
    var actor = Actor.of(identity);
    var time = EntryJson.time(entry, "time");
    database.change(
        "INSERT INTO sessions VALUES (?, ?, NULL, ?, ?, ?, ?, ?, 0)",
        session,
        index,
        n,
        actor.issuer(),
        actor.subject(),
        EntryJson.needText(entry, "target"),
        Micros.of(time));
    for (var person : Actor.people(identity)) {
      database.change("INSERT INTO session_people VALUES (?, ?)", person, session);
    }
  }

  private void command(long index, String type, String command, ObjectNode entry)
      throws SQLException {
    var session = EntryJson.needText(entry, "session");
    int added =
        database.change(
            "INSERT OR IGNORE INTO commands VALUES (?, ?, ?, NULL)", command, session, index);
    if (added > 0) {
      database.change("UPDATE sessions SET commands = commands + 1 WHERE id = ?", session);
    }
    database.change("INSERT INTO command_entries VALUES (?, ?)", command, index);
    switch (type) {
      case EntryTypes.HELD -> open(command, "held");
      case EntryTypes.DECIDED ->
          open(command, "allow".equals(EntryJson.text(entry, "verdict")) ? "allowed" : null);
      case EntryTypes.CLOSED, EntryTypes.INTERRUPTED -> open(command, null);
      default -> {
        // Parts of content, preparations and cancels leave it as it is.
      }
    }
  }

  private void open(String command, @Nullable String how) throws SQLException {
    database.change("UPDATE commands SET open = ? WHERE id = ?", how, command);
  }

  private void review(long index, String type, String review, ObjectNode entry)
      throws SQLException {
    database.change("INSERT INTO review_entries VALUES (?, ?)", review, index);
    switch (type) {
      case EntryTypes.REVIEW_ASKED -> asked(review, entry);
      case EntryTypes.REVIEW_GRANTED -> {
        if (EntryJson.isTrue(entry, "complete")) {
          state(review, "granted");
        }
      }
      case EntryTypes.REVIEW_REFUSED -> state(review, "refused");
      case EntryTypes.REVIEW_EXPIRED -> state(review, "expired");
      case EntryTypes.REVIEW_CANCELLED -> state(review, "cancelled");
      case EntryTypes.REVIEW_USED -> state(review, "used");
      default -> {
        // Parts of content leave it as it is.
      }
    }
  }

  private void asked(String review, ObjectNode entry) throws SQLException {
    var session = EntryJson.needText(entry, "session");
    database.change(
        "INSERT INTO reviews SELECT ?, min(entry), 'pending', ? FROM review_entries"
            + " WHERE review = ?",
        review,
        session,
        review);
    for (var person : new TreeSet<>(EntryJson.texts(entry, "askers"))) {
      database.change("INSERT INTO review_people VALUES (?, ?)", review, person);
    }
    for (var group : new TreeSet<>(EntryJson.texts(entry, "reviewers"))) {
      database.change("INSERT INTO review_groups VALUES (?, ?, ?)", review, group, session);
    }
  }

  private void state(String review, String state) throws SQLException {
    database.change("UPDATE reviews SET state = ? WHERE id = ?", state, review);
  }
}
