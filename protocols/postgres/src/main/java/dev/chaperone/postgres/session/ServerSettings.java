package dev.chaperone.postgres.session;

import dev.chaperone.postgres.catalogue.OwnQuery;
import dev.chaperone.postgres.wire.ProtocolViolationException;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All settings of the session as the server shows them. Asked by SHOW, which takes no snapshot, so
 * that it changes nothing for a transaction that is open.
 */
final class ServerSettings {
  private ServerSettings() {}

  /** By lower-case name; checked against what is pinned. */
  static Map<String, String> ask(OwnQuery server) throws IOException {
    var settings = new HashMap<String, String>();
    for (var row : server.run("SHOW ALL")) {
      put(settings, row);
    }
    for (var name : List.of("role", "session_authorization")) { // left out of SHOW ALL
      for (var row : server.run("SHOW " + name)) {
        settings.put(name, value(row, 0));
      }
    }
    for (var setting : settings.entrySet()) {
      Pinned.require(setting.getKey(), setting.getValue());
    }
    return settings;
  }

  private static void put(Map<String, String> settings, List<@Nullable String> row)
      throws ProtocolViolationException {
    settings.put(value(row, 0).toLowerCase(Locale.ROOT), value(row, 1));
  }

  private static String value(List<@Nullable String> row, int column)
      throws ProtocolViolationException {
    var value = column < row.size() ? row.get(column) : null;
    if (value == null) {
      throw new ProtocolViolationException("the target showed a setting without a value");
    }
    return value;
  }
}
