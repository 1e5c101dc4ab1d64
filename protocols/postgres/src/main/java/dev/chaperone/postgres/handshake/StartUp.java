package dev.chaperone.postgres.handshake;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What the gateway says to a server at the start. A PostgreSQL server understands all of it, or
 * says what it does not; poolers hang up on what they do not know.
 *
 * @param minor the minor version of protocol 3
 * @param parameters beside user and database
 * @param unset settings that are left to be set afterwards
 */
record StartUp(int minor, Map<String, String> parameters, Map<String, String> unset) {
  /** What PgBouncer takes whatever its configuration says. */
  private static final Set<String> UNDERSTOOD_BY_ALL =
      Set.of("application_name", "client_encoding");

  StartUp {
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    unset = Collections.unmodifiableMap(new LinkedHashMap<>(unset));
  }

  /** Everything, in the newest version. */
  static StartUp full(Map<String, String> parameters) {
    return new StartUp(ClientGreeting.NEWEST_MINOR, parameters, Map.of());
  }

  /** What everybody understands; the rest is to be set when the session is ready. */
  static StartUp plain(Map<String, String> parameters) {
    var said = new LinkedHashMap<String, String>();
    var unset = new LinkedHashMap<String, String>();
    parameters.forEach(
        (name, value) -> (UNDERSTOOD_BY_ALL.contains(name) ? said : unset).put(name, value));
    return new StartUp(0, said, unset);
  }
}
