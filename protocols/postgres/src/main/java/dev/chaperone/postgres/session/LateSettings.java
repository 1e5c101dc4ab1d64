package dev.chaperone.postgres.session;

import dev.chaperone.postgres.catalogue.OwnQuery;
import dev.chaperone.postgres.handshake.UpstreamException;
import dev.chaperone.postgres.meaning.SettingRules;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;

/**
 * Settings that a target, a pooler most likely, did not take at the start. Set afterwards, they are
 * not what RESET goes back to: so the defaults of those that texts are read under must be right.
 */
final class LateSettings {
  private LateSettings() {}

  /**
   * Sets them.
   *
   * @throws UpstreamException when a default of the target's would change how texts are read
   */
  static void set(Map<String, String> settings, OwnQuery server) throws IOException {
    if (settings.isEmpty()) {
      return;
    }
    for (var pinned : SettingRules.PINNED_VALUES.entrySet()) {
      var rows =
          server.run(
              "SELECT reset_val FROM pg_catalog.pg_settings WHERE name = "
                  + literal(pinned.getKey()));
      var standard = rows.size() == 1 ? rows.getFirst().getFirst() : null;
      if (!Objects.equals(standard, pinned.getValue())) {
        throw new UpstreamException(
            "0A000",
            "behind this pooler the default of %s must be %s: statements are read under it"
                .formatted(pinned.getKey(), pinned.getValue()),
            null);
      }
    }
    for (var setting : settings.entrySet()) {
      server.run(
          "SELECT pg_catalog.set_config(%s, %s, false)"
              .formatted(literal(setting.getKey()), literal(setting.getValue())));
    }
  }

  /** Read alike whatever {@code standard_conforming_strings} says. */
  private static String literal(String text) {
    return "E'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
  }
}
