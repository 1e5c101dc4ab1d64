package dev.chaperone.postgres.meaning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaperone.sql.SettingChange;
import dev.chaperone.testing.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The settings that a grant binds, against a real server and the documentation. */
class SettingRulesTest {
  /** They tell how values are told or logged, never what a text means. */
  private static final Set<String> HARMLESS =
      Set.of(
          "client_connection_check_interval",
          "escape_string_warning",
          "gin_fuzzy_search_limit",
          "icu_validation_level",
          "lo_compat_privileges",
          "quote_all_identifiers",
          "synchronize_seqscans");

  @Test
  void everySettingOfFormsAndCompatibilityIsBoundOrKnownAsHarmless() throws SQLException {
    var found = new TreeSet<String>();
    try (var connection = TestPostgres.shared().superuser("postgres");
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                """
                SELECT lower(name) FROM pg_settings
                WHERE context IN ('user', 'superuser') AND (category LIKE '%Formatting%'
                  OR category LIKE '%Compatibility%' OR category LIKE '%Other Defaults%')
                """)) {
      while (rows.next()) {
        found.add(rows.getString(1));
      }
    }
    assertThat(found).contains("timezone", "array_nulls");
    found.removeIf(SettingRules::isBound);
    found.removeAll(HARMLESS);
    // The text of errors alone; the other loads code, which only a superuser may.
    assertThat(found).isSubsetOf("lc_messages", "dynamic_library_path", "extension_control_path");
  }

  @Test
  void everyBoundSettingExists() throws SQLException {
    try (var connection = TestPostgres.shared().superuser("postgres");
        var statement = connection.createStatement()) {
      for (String name : SettingRules.BOUND_NAMES) {
        try (var row = statement.executeQuery("SELECT current_setting('" + name + "')")) {
          assertThat(row.next()).isTrue();
        }
      }
    }
  }

  @Test
  void customSettingsAreBoundButForOurOwn() {
    assertThat(SettingRules.isBound("app.tenant")).isTrue();
    assertThat(SettingRules.isBound("chaperone.intent")).isFalse();
    assertThat(SettingRules.isBound("work_mem")).isFalse();
  }

  @Test
  void aPinnedSettingTakesItsOneValueAlone() {
    assertThat(SettingRules.refusal(set("client_encoding", "Unicode"))).isEmpty();
    assertThat(SettingRules.refusal(set("client_encoding", "UTF_8"))).isEmpty();
    assertThat(SettingRules.refusal(set("client_encoding", "LATIN1"))).isPresent();
    assertThat(SettingRules.refusal(set("client_encoding", null)))
        .contains("the setting client_encoding must stay UTF8: statements are read under it");
    assertThat(SettingRules.refusal(set("backslash_quote", "on"))).isPresent();
    assertThat(SettingRules.refusal(set("work_mem", null))).isEmpty();
    assertThat(SettingRules.refusal(new SettingChange("client_encoding", null, true, false)))
        .isEmpty();
  }

  private static SettingChange set(String name, @org.jspecify.annotations.Nullable String value) {
    return new SettingChange(name, value, false, false);
  }

  @Test
  void theDocumentationNamesTheBoundSettings() throws IOException {
    var page = Files.readString(Path.of("../../docs/formats/grant-settings.md"));
    var documented = new TreeSet<String>();
    var rows = Pattern.compile("(?m)^\\| `([a-z_]+)`").matcher(page);
    while (rows.find()) {
      documented.add(rows.group(1));
    }
    assertThat(documented).containsExactlyInAnyOrderElementsOf(SettingRules.BOUND_NAMES);
    SettingRules.PINNED_VALUES.forEach(
        (name, value) -> assertThat(page).contains("`%s` must be `%s`".formatted(name, value)));
  }
}
