package dev.chaperone.postgres.meaning;

import dev.chaperone.sql.SettingChange;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which session settings a text's meaning depends on; docs/formats/grant-settings.md gives the
 * reasons. What a change of a setting does is told by the SQL module.
 */
public final class SettingRules {
  /** Our own settings, which nothing but the gateway reads: {@code chaperone.intent}. */
  public static final String OWN_PREFIX = "chaperone.";

  /** The settings whose values a grant binds, beside custom ones; see {@link #isBound}. */
  public static final List<String> BOUND_NAMES =
      List.of(
          "array_nulls",
          "backslash_quote",
          "bytea_output",
          "client_encoding",
          "datestyle",
          "default_table_access_method",
          "default_tablespace",
          "default_text_search_config",
          "default_toast_compression",
          "extra_float_digits",
          "intervalstyle",
          "lc_monetary",
          "lc_numeric",
          "lc_time",
          "password_encryption",
          "restrict_nonsystem_relation_kind",
          "role",
          "row_security",
          "search_path",
          "session_authorization",
          "session_replication_role",
          "standard_conforming_strings",
          "temp_tablespaces",
          "timezone",
          "timezone_abbreviations",
          "transform_null_equals",
          "xmlbinary",
          "xmloption");

  /** The settings that a text is read under, with the one value that they must have. */
  public static final Map<String, String> PINNED_VALUES =
      Map.of(
          "backslash_quote", "safe_encoding",
          "client_encoding", "UTF8",
          "standard_conforming_strings", "on");

  private static final Set<String> BOUND = Set.copyOf(BOUND_NAMES);
  private static final Set<String> NAMING =
      Set.of("search_path", "role", "session_authorization", "all");
  private static final Set<String> UTF8 = Set.of("utf8", "unicode");
  private static final Set<String> ON = Set.of("on", "true", "yes", "1");

  private SettingRules() {}

  /**
   * Whether a grant binds this setting's value: one of {@link #BOUND_NAMES}, or a custom one with a
   * dot in its name, which a row security policy may read.
   *
   * @param name in lower case
   */
  public static boolean isBound(String name) {
    return BOUND.contains(name) || (name.indexOf('.') >= 0 && !name.startsWith(OWN_PREFIX));
  }

  /**
   * Why a change cannot be let through: what follows would be read otherwise than the server reads
   * it. Empty when it can. Going back to the default is fine, since that is pinned when the session
   * starts.
   */
  public static Optional<String> refusal(SettingChange change) {
    var name = change.name();
    var pinned = name == null ? null : PINNED_VALUES.get(name);
    if (name == null || pinned == null || change.reset()) {
      return Optional.empty();
    }
    var value = change.value();
    if (value != null && means(name, value, pinned)) {
      return Optional.empty();
    }
    return Optional.of(
        "the setting %s must stay %s: statements are read under it".formatted(name, pinned));
  }

  /** Whether names may be found elsewhere after the change. */
  static boolean changesNames(SettingChange change) {
    var name = change.name();
    return name == null || NAMING.contains(name);
  }

  /** Whether a change is of our own settings alone. */
  static boolean isOwn(SettingChange change) {
    var name = change.name();
    return name != null && name.startsWith(OWN_PREFIX);
  }

  private static boolean means(String name, String value, String pinned) {
    var given = value.strip().toLowerCase(Locale.ROOT);
    return switch (name) {
      // The server leaves out all but letters and digits (pg_char_to_encoding of encnames.c).
      case "client_encoding" -> UTF8.contains(given.replaceAll("[^a-z0-9]", ""));
      case "standard_conforming_strings" -> ON.contains(given);
      default -> given.equals(pinned);
    };
  }
}
