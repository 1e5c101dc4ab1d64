package dev.chaperone.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chaperone.testing.TestPostgres;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.postgresql.util.PSQLException;

/** What the catalogues here say, compared with a running PostgreSQL 18. */
final class ServerCatalogueTest {
  private static final String FUNCTIONS =
      "SELECT CASE nspname WHEN 'pg_catalog' THEN '' ELSE nspname || '.' END || proname FROM pg_proc"
          + " JOIN pg_namespace n ON n.oid = pronamespace WHERE true ";

  /** Those that SQL can call; the others need an argument or a handler that SQL does not have. */
  private static final String CALLABLE =
      " AND NOT 'internal'::regtype = ANY (proargtypes) AND NOT 'cstring'::regtype = ANY"
          + " (proargtypes) AND prorettype NOT IN ('internal'::regtype, 'cstring'::regtype,"
          + " 'trigger'::regtype, 'event_trigger'::regtype, 'language_handler'::regtype,"
          + " 'index_am_handler'::regtype, 'table_am_handler'::regtype, 'tsm_handler'::regtype)";

  private static final FunctionCatalogue CATALOGUE = FunctionCatalogue.load();

  @Test
  void everyFunctionListedExists() throws SQLException {
    var listed = listed(true);
    listed(false).stream().filter(name -> !name.startsWith("dblink")).forEach(listed::add);
    assertThat(query(FUNCTIONS)).containsAll(listed);
  }

  /** Each was listed by name; a volatile function of a later release is unknown until then. */
  @Test
  void volatileFunctionsAreHarmlessByNameOnly() throws SQLException {
    var harmless = new HashSet<>(query(FUNCTIONS + CALLABLE + " AND provolatile = 'v'"));
    harmless.retainAll(listed(true));
    assertThat(harmless).isEqualTo(words("harmless-volatile.txt"));
  }

  @Test
  void functionsInOtherLanguagesAreNotHarmlessUnlessPlainSql() throws SQLException {
    var foreign =
        query(
            FUNCTIONS
                + " AND prolang NOT IN (SELECT oid FROM pg_language"
                + " WHERE lanname IN ('internal', 'sql'))");
    assertThat(listed(true)).doesNotContainAnyElementsOf(foreign);
  }

  @Test
  void theOperatorsAreTheServers() throws SQLException {
    assertThat(OperatorCatalogue.load().names())
        .isEqualTo(query("SELECT DISTINCT oprname FROM pg_operator"));
  }

  @Test
  void harmlessSettingsAreThoseThatAnyUserMaySet() throws SQLException {
    var settings = SettingCatalogue.load();
    assertThat(lower(query("SELECT name FROM pg_settings WHERE context = 'user'")))
        .containsAll(settings.names(Effect.SESSION));
    var listed = new HashSet<String>();
    for (var effect : Effect.values()) {
      listed.addAll(settings.names(effect));
    }
    assertThat(listed)
        .containsAll(
            lower(query("SELECT name FROM pg_settings WHERE context IN ('user', 'superuser')")));
  }

  @Test
  void anAttributeIsAFunctionCall() throws SQLException {
    assertThat(query("SELECT ('abc'::text).upper")).containsExactly("ABC");
    assertThat(query("SELECT x.upper FROM unnest(ARRAY['abc']) AS x")).containsExactly("ABC");
  }

  @Test
  void anUpdateOfPgSettingsSetsThem() throws SQLException {
    try (var connection = TestPostgres.shared().superuser("postgres");
        var statement = connection.createStatement()) {
      statement.execute("UPDATE pg_settings SET setting = 'off' WHERE name = 'enable_seqscan'");
      try (var rows = statement.executeQuery("SHOW enable_seqscan")) {
        assertThat(rows.next()).isTrue();
        assertThat(rows.getString(1)).isEqualTo("off");
      }
    }
  }

  /** What is refused here is refused there, with the same words at the same place. */
  @Test
  void theServerRefusesTheSameTextsWithTheSameWords() throws SQLException {
    try (var connection = TestPostgres.shared().superuser("postgres");
        var statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      for (var sample : Corpus.cases()) {
        // The driver cuts texts at semicolons itself.
        if (sample.refused() && !sample.sql().contains(";")) {
          assertThatThrownBy(() -> statement.execute(sample.sql()))
              .as(sample.sql())
              .isInstanceOfSatisfying(
                  PSQLException.class,
                  error -> {
                    var told = error.getServerErrorMessage();
                    assertThat(told).isNotNull();
                    if (told != null) {
                      assertThat("error at " + told.getPosition() + ": " + told.getMessage())
                          .isEqualTo(sample.expected().getFirst());
                    }
                  });
        }
      }
    }
  }

  /** Names as {@link #FUNCTIONS} writes them. */
  private static Set<String> listed(boolean harmless) {
    return CATALOGUE.names(harmless).stream()
        .map(name -> name.mayBeBuiltIn() ? name.name() : name.toString())
        .collect(Collectors.toCollection(HashSet::new));
  }

  private static Set<String> words(String resource) {
    return TestResource.text(resource)
        .lines()
        .filter(line -> !line.startsWith("#") && !line.isBlank())
        .collect(Collectors.toSet());
  }

  private static Set<String> lower(Set<String> names) {
    return names.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
  }

  private static Set<String> query(String sql) throws SQLException {
    try (var connection = TestPostgres.shared().superuser("postgres");
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      var values = new HashSet<String>();
      while (rows.next()) {
        values.add(rows.getString(1));
      }
      return values;
    }
  }
}
