package dev.chaperone.postgres.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaperone.core.command.Bytes;
import dev.chaperone.core.command.Command;
import dev.chaperone.core.command.Effect;
import dev.chaperone.core.command.Parameter;
import dev.chaperone.postgres.catalogue.Catalogue;
import dev.chaperone.postgres.catalogue.CatalogueLoader;
import dev.chaperone.postgres.catalogue.JdbcQuery;
import dev.chaperone.postgres.meaning.Meaning;
import dev.chaperone.postgres.meaning.Outcome;
import dev.chaperone.sql.Reading;
import dev.chaperone.sql.SqlLimits;
import dev.chaperone.sql.SqlReader;
import dev.chaperone.testing.TestPostgres;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is kept of a text's meaning is what would be worked out anew. */
class KnownMeaningsTest {
  private static final String TEXT = "SELECT id FROM orders WHERE id = $1";

  private final SqlReader sql = new SqlReader(SqlLimits.defaults());
  private final KnownMeanings meanings = new KnownMeanings();
  private String database;
  private SessionState state;

  @BeforeEach
  void begin() throws Exception {
    var postgres = TestPostgres.shared();
    database = postgres.createDatabase();
    postgres.run(database, "CREATE TABLE orders (id int)", "CREATE SCHEMA other");
    state =
        new SessionState(
            database,
            catalogue(),
            Map.of("search_path", "public"),
            new ApplicationName("gateway", "client"));
  }

  private Catalogue catalogue() throws Exception {
    try (var connection = TestPostgres.shared().superuser(database)) {
      return CatalogueLoader.load(new JdbcQuery(connection));
    }
  }

  private static List<Parameter> value(String value) {
    return List.of(
        new Parameter("int4", false, Bytes.copyOf(value.getBytes(StandardCharsets.UTF_8)), value));
  }

  private Outcome anew(Reading reading, List<Parameter> parameters) {
    return Meaning.of(TEXT, reading, parameters, state.catalogue(), state.settings(), state);
  }

  @Test
  void keptOrNotTheMeaningIsTheSameWithTheValuesOfThisTime() {
    var reading = sql.read(TEXT);
    for (var value : List.of("1", "2", "1")) {
      assertThat(meanings.of(TEXT, reading, value(value), state))
          .isEqualTo(anew(reading, value(value)));
    }
    assertThat(meanings.of(TEXT, reading, List.of(), state)).isEqualTo(anew(reading, List.of()));
  }

  @Test
  void otherSettingsAndAnotherCatalogueAreSeen() throws Exception {
    var reading = sql.read(TEXT);
    var before = meanings.of(TEXT, reading, List.of(), state).command();
    assertThat(before.effects()).containsExactly(Effect.READ);

    state.settings(Map.of("search_path", "other"));
    var elsewhere = meanings.of(TEXT, reading, List.of(), state).command();
    assertThat(elsewhere.effects()).contains(Effect.UNKNOWN);

    state.settings(Map.of("search_path", "public"));
    assertThat(meanings.of(TEXT, reading, List.of(), state).command().effects())
        .containsExactly(Effect.READ);
    TestPostgres.shared().run(database, "DROP TABLE orders", "CREATE VIEW orders AS SELECT 1 id");
    TestPostgres.shared()
        .run(database, "CREATE OR REPLACE VIEW orders AS SELECT oid::int4 id FROM pg_class");
    state.catalogue(catalogue());
    assertThat(((Command.Statement) meanings.of(TEXT, reading, List.of(), state).command()))
        .isEqualTo(anew(reading, List.of()).command())
        .isNotEqualTo(before);
  }
}
