package dev.chaperone.control.projection;

import dev.chaperone.control.record.EntryJson;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Reads the state file. Every list has a bound. Safe for many threads; each call blocks. */
public final class Lookups {
  private final ReentrantLock lock = new ReentrantLock();
  private final Database database;

  Lookups(Path file) throws SQLException {
    this.database = Database.read(file);
  }

  /**
   * A session.
   *
   * @param opened where its {@code session.opened} stands in the journal
   * @param ended where its {@code session.ended} stands; null while it is open
   * @param n the last number of its sequence
   * @param commands how many commands it has
   */
  public record SessionRow(String id, long opened, @Nullable Long ended, long n, long commands) {}

  /** A command: where its first entry stands, and whether it is still open. */
  public record CommandRow(String id, long first, @Nullable String open) {}

  /** A review: where its first entry stands. */
  public record ReviewRow(String id, long asked, String session) {}

  /**
   * Whose sessions and reviews are listed.
   *
   * @param everything whether all are
   * @param people otherwise those that these people stand behind, all of them
   * @param groups and those of which one of these groups reviews a command
   */
  public record Sight(boolean everything, Set<String> people, Set<String> groups) {
    public Sight {
      people = Set.copyOf(people);
      groups = Set.copyOf(groups);
    }
  }

  /**
   * Which sessions are listed, newest first.
   *
   * @param identity a subject or a person key
   * @param target a target's name
   * @param open true for open ones, false for ended ones
   * @param since started then or later
   * @param until started before then
   * @param before only those whose opening stands before this index
   * @param limit how many at most
   */
  public record SessionFilter(
      @Nullable String identity,
      @Nullable String target,
      @Nullable Boolean open,
      @Nullable Instant since,
      @Nullable Instant until,
      long before,
      int limit) {}

  // Who sees some things alone is looked up by those, so that nobody makes the whole table be read.
  private static final String SEEN_SESSIONS =
      """
      (SELECT session FROM session_people
         WHERE person IN (SELECT value FROM json_each(?1))
         GROUP BY session HAVING count(*) = json_array_length(?1)
       UNION
       SELECT session FROM review_groups
         WHERE reviewers IN (SELECT value FROM json_each(?2))) seen
      CROSS JOIN sessions s ON s.id = seen.session\
      """;

  private static final String SEEN_REVIEWS =
      """
      (SELECT review FROM review_people
         WHERE person IN (SELECT value FROM json_each(?1))
         GROUP BY review HAVING count(*) = json_array_length(?1)
       UNION
       SELECT review FROM review_groups
         WHERE reviewers IN (SELECT value FROM json_each(?2))) seen
      CROSS JOIN reviews r ON r.id = seen.review\
      """;

  /** The sessions that match and may be seen. */
  public List<SessionRow> sessions(SessionFilter filter, Sight sight)
      throws ProjectionUnavailableException {
    var since = filter.since();
    var until = filter.until();
    var open = filter.open();
    var sql =
        "SELECT id, opened, ended, n, commands FROM "
            + (sight.everything() ? "sessions s" : SEEN_SESSIONS)
            + "\n"
            + """
            WHERE ?1 IS NOT NULL AND ?2 IS NOT NULL AND opened < ?3
              AND (?4 IS NULL OR subject = ?4 OR EXISTS
                (SELECT 1 FROM session_people p WHERE p.person = ?4 AND p.session = s.id))
              AND (?5 IS NULL OR target = ?5)
              AND (?6 IS NULL OR (ended IS NULL) = ?6)
              AND (?7 IS NULL OR started >= ?7)
              AND (?8 IS NULL OR started < ?8)
            ORDER BY opened DESC LIMIT ?9\
            """;
    return query(() ->
        database.list(
            Lookups::session,
            sql,
            json(sight.people()),
            json(sight.groups()),
            filter.before(),
            filter.identity(),
            filter.target(),
            open == null ? null : open ? 1 : 0,
            since == null ? null : Micros.of(since),
            until == null ? null : Micros.of(until),
            filter.limit()));
  }

  /** One session. */
  public Optional<SessionRow> session(String id) throws ProjectionUnavailableException {
    return query(() ->
        database.first(
            Lookups::session,
            "SELECT id, opened, ended, n, commands FROM sessions WHERE id = ?",
            id));
  }

  /** The sessions that have no end, oldest first. */
  public List<SessionRow> openSessions(int limit) throws ProjectionUnavailableException {
    return query(() ->
        database.list(
            Lookups::session,
            "SELECT id, opened, ended, n, commands FROM sessions WHERE ended IS NULL"
                + " ORDER BY opened LIMIT ?",
            limit));
  }

  /** Every person key that stands behind a session. */
  public Set<String> people(String session) throws ProjectionUnavailableException {
    return texts("SELECT person FROM session_people WHERE session = ?", session);
  }

  /** Every group that reviews a command of a session. */
  public Set<String> reviewers(String session) throws ProjectionUnavailableException {
    return texts("SELECT DISTINCT reviewers FROM review_groups WHERE session = ?", session);
  }

  /** The commands of a session in their order, from after the entry {@code after}. */
  public List<CommandRow> commands(String session, long after, int limit)
      throws ProjectionUnavailableException {
    return query(() ->
        database.list(
            Lookups::command,
            "SELECT id, first, open FROM commands WHERE session = ? AND first > ?"
                + " ORDER BY first LIMIT ?",
            session,
            after,
            limit));
  }

  /** The commands of a session that were held or allowed and not closed. */
  public List<CommandRow> openCommands(String session) throws ProjectionUnavailableException {
    return query(() ->
        database.list(
            Lookups::command,
            "SELECT id, first, open FROM commands WHERE session = ? AND open IS NOT NULL"
                + " ORDER BY first",
            session));
  }

  /** Where the entries of a command stand, in order. */
  public List<Long> commandEntries(String command) throws ProjectionUnavailableException {
    return indexes(
        "SELECT first FROM commands WHERE id = ?1 UNION SELECT last FROM commands WHERE id = ?1"
            + " UNION SELECT entry FROM command_entries WHERE command = ?1 ORDER BY 1",
        command);
  }

  /** Where the entries of a review stand, in order; empty if there is no such review. */
  public List<Long> reviewEntries(String review) throws ProjectionUnavailableException {
    return indexes("SELECT entry FROM review_entries WHERE review = ? ORDER BY entry", review);
  }

  /**
   * Reviews, newest first.
   *
   * @param state one state alone; null for every state
   * @param before only those whose asking stands before this index
   */
  public List<ReviewRow> reviews(@Nullable String state, Sight sight, long before, int limit)
      throws ProjectionUnavailableException {
    var sql =
        "SELECT id, asked, r.session FROM "
            + (sight.everything() ? "reviews r" : SEEN_REVIEWS)
            + "\n"
            + """
            WHERE ?1 IS NOT NULL AND ?2 IS NOT NULL AND asked < ?3
              AND (?4 IS NULL OR state = ?4)
            ORDER BY asked DESC LIMIT ?5\
            """;
    return query(() ->
        database.list(
            row -> new ReviewRow(row.getString(1), row.getLong(2), row.getString(3)),
            sql,
            json(sight.people()),
            json(sight.groups()),
            before,
            state,
            limit));
  }

  void close() throws SQLException {
    lock.lock();
    try {
      database.close();
    } finally {
      lock.unlock();
    }
  }

  private static SessionRow session(ResultSet row) throws SQLException {
    long ended = row.getLong(3);
    boolean open = row.wasNull(); // of the column that was read last
    return new SessionRow(
        row.getString(1),
        row.getLong(2),
        open ? null : Long.valueOf(ended),
        row.getLong(4),
        row.getLong(5));
  }

  private static CommandRow command(ResultSet row) throws SQLException {
    return new CommandRow(row.getString(1), row.getLong(2), row.getString(3));
  }

  private Set<String> texts(String sql, String of) throws ProjectionUnavailableException {
    return Set.copyOf(new HashSet<>(query(() -> database.list(row -> row.getString(1), sql, of))));
  }

  private List<Long> indexes(String sql, String of) throws ProjectionUnavailableException {
    return query(() -> database.list(row -> row.getLong(1), sql, of));
  }

  private static String json(Collection<String> values) {
    var array = EntryJson.object().putArray("values");
    values.forEach(array::add);
    return array.toString();
  }

  private interface Query<T> {
    T run() throws SQLException;
  }

  private <T> T query(Query<T> query) throws ProjectionUnavailableException {
    lock.lock();
    try {
      return query.run();
    } catch (SQLException e) {
      throw new ProjectionUnavailableException(
          "the state file cannot be read: " + e.getMessage(), e);
    } finally {
      lock.unlock();
    }
  }
}
