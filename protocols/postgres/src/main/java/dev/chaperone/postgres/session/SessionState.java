package dev.chaperone.postgres.session;

import dev.chaperone.postgres.catalogue.Catalogue;
import dev.chaperone.postgres.catalogue.SearchPath;
import dev.chaperone.postgres.meaning.Prepared;
import dev.chaperone.postgres.meaning.SessionSettings;
import dev.chaperone.postgres.meaning.SettingRules;
import dev.chaperone.sql.Reading;
import dev.chaperone.sql.Statement;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What both pumps know of the session on the server. */
final class SessionState implements Prepared {
  private final String database;
  private final ApplicationName applicationName;
  private final Names<NamedStatement> statements = new Names<>();
  private final Names<Portal> portals = new Names<>();
  private final Map<String, Statement> cursors = new ConcurrentHashMap<>();
  private volatile Catalogue catalogue;
  private volatile SessionSettings settings;
  private volatile char status = 'I';
  private volatile String statementTimeout;

  /**
   * @param all every setting that the server shows, by lower-case name, the role included
   */
  SessionState(
      String database,
      Catalogue catalogue,
      Map<String, String> all,
      ApplicationName applicationName) {
    this.applicationName = applicationName;
    this.database = database;
    this.catalogue = catalogue;
    this.settings = bound(all);
    this.statementTimeout = statementTimeout(all);
  }

  private static String statementTimeout(Map<String, String> all) {
    return all.getOrDefault("statement_timeout", "0");
  }

  /** The client's {@code statement_timeout} as the server last showed it; {@code 0} for none. */
  String statementTimeout() {
    return statementTimeout;
  }

  ApplicationName applicationName() {
    return applicationName;
  }

  Names<NamedStatement> statements() {
    return statements;
  }

  Names<Portal> portals() {
    return portals;
  }

  /**
   * The transaction's state as the last ReadyForQuery said it: {@code I}, {@code T} or {@code E}.
   */
  char status() {
    return status;
  }

  void status(char now) {
    status = now;
  }

  Catalogue catalogue() {
    return catalogue;
  }

  void catalogue(Catalogue loaded) {
    catalogue = loaded;
  }

  /** What a statement's meaning depends on now. */
  SessionSettings settings() {
    return settings;
  }

  /** The server has shown all settings. */
  synchronized void settings(Map<String, String> all) {
    settings = bound(all);
    statementTimeout = statementTimeout(all);
  }

  /** The server has reported one setting. */
  synchronized void reported(String name, String value) {
    var lower = name.toLowerCase(Locale.ROOT);
    if (SettingRules.isBound(lower)) {
      var changed = new TreeMap<>(settings.settings());
      changed.put(lower, value);
      settings = bound(changed);
    }
  }

  private SessionSettings bound(Map<String, String> all) {
    var bound = new TreeMap<String, String>();
    all.forEach((name, value) -> {
      if (SettingRules.isBound(name)) {
        bound.put(name, value);
      }
    });
    var role = bound.getOrDefault("role", "none");
    var user = role.equals("none") ? bound.getOrDefault("session_authorization", "") : role;
    var path = bound.get("search_path");
    return new SessionSettings(
        database, path == null ? SearchPath.UNKNOWN : SearchPath.parse(path, user), bound);
  }

  /** A cursor was declared. */
  void declared(String name, Statement query) {
    if (cursors.size() < Names.MAX_NAMES) {
      cursors.put(name, query);
    }
  }

  /** A cursor was closed. */
  void closedCursor(String name) {
    cursors.remove(name);
  }

  /** All cursors are closed, or none can be relied on any more. */
  void closedCursors() {
    cursors.clear();
  }

  /**
   * Something ran that may have put others in the place of the statements and portals that are
   * known; a portal cannot have replaced itself while it ran.
   */
  void distrustNames(@Nullable Portal running) {
    statements.replaceAll(NamedStatement::untrusted);
    portals.replaceAll(portal -> portal == running ? portal : portal.distrusted());
    cursors.clear();
  }

  @Override
  public Optional<Statement> statement(String name) {
    if (statements.unsettled(name)) {
      return Optional.empty();
    }
    return statements
        .get(name)
        .filter(NamedStatement::trusted)
        .flatMap(named ->
            named.reading() instanceof Reading.Understood(var parts) && parts.size() == 1
                ? Optional.of(parts.getFirst())
                : Optional.empty());
  }

  /** The query of a cursor, or of a portal of the client's: FETCH reads either by its name. */
  @Override
  public Optional<Statement> cursor(String name) {
    if (portals.unsettled(name)) {
      return Optional.empty();
    }
    var portal = portals.get(name);
    if (portal.isPresent()) { // both, and it is not known which of them the server has
      return cursors.containsKey(name) ? Optional.empty() : portal.flatMap(SessionState::query);
    }
    return Optional.ofNullable(cursors.get(name));
  }

  private static Optional<Statement> query(Portal portal) {
    var parts = portal.execution().understanding().statements();
    return portal.isDistrusted() || parts.size() != 1
        ? Optional.empty()
        : Optional.of(parts.getFirst());
  }
}
