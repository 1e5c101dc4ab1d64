package dev.chaperone.control.projection;

import dev.chaperone.control.record.Actor;
import dev.chaperone.control.record.DamagedEntryException;
import dev.chaperone.control.record.EntryHead;
import dev.chaperone.control.record.EntryJson;
import dev.chaperone.core.session.EntryTypes;
import dev.chaperone.journal.Entry;
import java.sql.SQLException;
import java.util.TreeSet;
import tools.jackson.databind.node.ObjectNode;

/**
 * What each type of entry changes in the state file. Types that change nothing pass by. One for
 * each batch of entries.
 */
final class EntryProjector {
  private final Database database;
  private final CommandBatch commands = new CommandBatch();

  EntryProjector(Database database) {
    this.database = database;
  }

  /**
   * Applies one entry; what it changes of commands is in the file after {@link #finish}.
   *
   * @throws DamagedEntryException if it does not say what its type promises
   */
  void apply(long index, Entry raw) throws SQLException {
    var head = EntryHead.of(raw);
    var session = head.session();
    if (session != null && head.n() != 0) {
      session(index, session, head, raw);
    }
    var type = head.type();
    var review = head.review();
    if (review != null && (type.startsWith("review.") || type.equals(EntryTypes.CONTENT))) {
      review(index, type, review, raw);
      return;
    }
    var command = head.command();
    if (command != null) {
      if (session == null) {
        throw new DamagedEntryException("an entry without the text session", null);
      }
      commands.entry(command, session, index);
      opens(command, head);
    }
  }

  /** Writes what was put together. */
  void finish() throws SQLException {
    commands.write(database);
  }

  private void session(long index, String session, EntryHead head, Entry raw) throws SQLException {
    if (head.type().equals(EntryTypes.SESSION_OPENED)) {
      opened(index, session, head.n(), EntryJson.parse(raw));
    } else {
      commands.number(session, head.n());
    }
    if (head.type().equals(EntryTypes.SESSION_ENDED)) {
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

  private void opens(String command, EntryHead head) {
    switch (head.type()) {
      case EntryTypes.HELD -> commands.open(command, "held");
      case EntryTypes.DECIDED ->
          commands.open(command, "allow".equals(head.verdict()) ? "allowed" : null);
      case EntryTypes.CLOSED, EntryTypes.INTERRUPTED -> commands.open(command, null);
      default -> {
        // Parts of content, preparations and cancels leave it as it is.
      }
    }
  }

  private void review(long index, String type, String review, Entry raw) throws SQLException {
    database.change("INSERT INTO review_entries VALUES (?, ?)", review, index);
    var entry = EntryJson.parse(raw);
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
