package dev.chaperone.control.projection;

import java.sql.SQLException;
import java.util.List;

/**
 * The tables of the state file. They hold who, when, which state, and where in the journal the
 * entries stand; what may be sensitive is read from there. A change of anything here is a new
 * {@link #VERSION}, and a file of another version is made again.
 */
final class Schema {
  static final String VERSION = "2";

  private static final List<String> TABLES =
      List.of(
          "CREATE TABLE meta (key TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID",
          """
          CREATE TABLE sessions (
            id TEXT PRIMARY KEY,
            opened INTEGER NOT NULL,   -- index of session.opened
            ended INTEGER,             -- index of session.ended
            n INTEGER NOT NULL,        -- the last number of the session's sequence
            issuer TEXT NOT NULL,
            subject TEXT NOT NULL,
            target TEXT NOT NULL,
            started INTEGER NOT NULL,  -- microseconds since 1970
            commands INTEGER NOT NULL
          ) WITHOUT ROWID\
          """,
          "CREATE UNIQUE INDEX sessions_by_time ON sessions (opened)",
          "CREATE INDEX sessions_by_subject ON sessions (subject, opened)",
          "CREATE INDEX sessions_open ON sessions (opened) WHERE ended IS NULL",
          """
          CREATE TABLE session_people (
            person TEXT NOT NULL, session TEXT NOT NULL, PRIMARY KEY (person, session)
          ) WITHOUT ROWID\
          """,
          "CREATE INDEX session_people_by_session ON session_people (session)",
          """
          CREATE TABLE commands (
            id TEXT PRIMARY KEY,
            session TEXT NOT NULL,
            first INTEGER NOT NULL,    -- index of its first entry
            last INTEGER NOT NULL,     -- index of its last entry so far
            open TEXT                  -- held, allowed, or null
          ) WITHOUT ROWID\
          """,
          "CREATE INDEX commands_by_session ON commands (session, first)",
          "CREATE INDEX commands_open ON commands (session, first) WHERE open IS NOT NULL",
          // Those between its first and its last one, which most commands do not have.
          """
          CREATE TABLE command_entries (
            command TEXT NOT NULL, entry INTEGER NOT NULL, PRIMARY KEY (command, entry)
          ) WITHOUT ROWID\
          """,
          """
          CREATE TABLE reviews (
            id TEXT PRIMARY KEY,
            asked INTEGER NOT NULL,    -- index of its first entry
            state TEXT NOT NULL,
            session TEXT NOT NULL
          ) WITHOUT ROWID\
          """,
          "CREATE INDEX reviews_by_state ON reviews (state, asked)",
          "CREATE UNIQUE INDEX reviews_by_time ON reviews (asked)",
          """
          CREATE TABLE review_entries (
            review TEXT NOT NULL, entry INTEGER NOT NULL, PRIMARY KEY (review, entry)
          ) WITHOUT ROWID\
          """,
          """
          CREATE TABLE review_people (
            review TEXT NOT NULL, person TEXT NOT NULL, PRIMARY KEY (review, person)
          ) WITHOUT ROWID\
          """,
          """
          CREATE TABLE review_groups (
            review TEXT NOT NULL, reviewers TEXT NOT NULL, session TEXT NOT NULL,
            PRIMARY KEY (review, reviewers)
          ) WITHOUT ROWID\
          """,
          "CREATE INDEX review_people_by_person ON review_people (person, review)",
          "CREATE INDEX review_groups_by_group ON review_groups (reviewers, review, session)",
          "CREATE INDEX review_groups_by_session ON review_groups (session, reviewers)");

  private Schema() {}

  static void create(Database database) throws SQLException {
    for (var table : TABLES) {
      database.script(table);
    }
  }
}
