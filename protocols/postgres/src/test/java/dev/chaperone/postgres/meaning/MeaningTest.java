package dev.chaperone.postgres.meaning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaperone.core.command.Command;
import dev.chaperone.core.command.Effect;
import dev.chaperone.postgres.catalogue.Catalogue;
import dev.chaperone.postgres.catalogue.CatalogueLoader;
import dev.chaperone.postgres.catalogue.JdbcQuery;
import dev.chaperone.postgres.catalogue.SearchPath;
import dev.chaperone.sql.Name;
import dev.chaperone.sql.Reading;
import dev.chaperone.sql.SqlLimits;
import dev.chaperone.sql.SqlReader;
import dev.chaperone.sql.Statement;
import dev.chaperone.testing.TestPostgres;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What texts mean on a real database. */
class MeaningTest {
  private static final SqlReader READER = new SqlReader(SqlLimits.defaults());

  private static Catalogue catalogue;
  private static Catalogue withEventTrigger;

  @BeforeAll
  static void load() throws SQLException, IOException {
    var server = TestPostgres.shared();
    var database = server.createDatabase();
    server.run(
        database,
        "CREATE EXTENSION citext",
        "CREATE EXTENSION pg_trgm",
        "CREATE EXTENSION file_fdw",
        "CREATE SERVER files FOREIGN DATA WRAPPER file_fdw",
        "CREATE FOREIGN TABLE far (line text) SERVER files OPTIONS (filename '/dev/null')",
        """
        CREATE FUNCTION on_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        CREATE FUNCTION code(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS 'BEGIN RETURN 1; END';
        CREATE SCHEMA vault;
        CREATE SCHEMA shadow;
        CREATE TABLE customers (id int PRIMARY KEY, name text, email citext);
        CREATE TABLE orders (id int, customer int REFERENCES customers ON DELETE CASCADE);
        CREATE TABLE vault.keys (id int, key text);
        CREATE TABLE audited (id int);
        CREATE TRIGGER t BEFORE UPDATE ON audited FOR EACH ROW EXECUTE FUNCTION on_change();
        CREATE TABLE defaulted (id int DEFAULT code(1));
        CREATE VIEW key_view AS SELECT * FROM vault.keys;
        CREATE VIEW code_view AS SELECT code(1) AS c;
        CREATE VIEW password_view AS SELECT rolpassword FROM pg_authid;
        CREATE TABLE parts (id int) PARTITION BY RANGE (id);
        CREATE TABLE part_one PARTITION OF parts FOR VALUES FROM (0) TO (10);
        CREATE SEQUENCE counter;
        CREATE FUNCTION shadow.lower(text) RETURNS text LANGUAGE sql AS 'SELECT $1';
        CREATE FUNCTION shadow.plus(int, int) RETURNS int LANGUAGE sql AS 'SELECT 1';
        CREATE OPERATOR shadow.+ (LEFTARG = int, RIGHTARG = int, FUNCTION = shadow.plus);
        CREATE FUNCTION shadow.full_name(customers) RETURNS text LANGUAGE sql AS 'SELECT ''x''';
        CREATE DOMAIN checked AS int CHECK (VALUE > code(1));
        """);
    try (var connection = server.superuser(database)) {
      catalogue = CatalogueLoader.load(new JdbcQuery(connection));
      connection
          .createStatement()
          .execute(
              """
              CREATE FUNCTION on_ddl() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
              CREATE EVENT TRIGGER e ON ddl_command_start EXECUTE FUNCTION on_ddl()
              """);
      withEventTrigger = CatalogueLoader.load(new JdbcQuery(connection));
    }
  }

  @AfterAll
  static void close() {
    READER.close();
  }

  private static Outcome meaning(String text, String... path) {
    return meaning(text, catalogue, Prepared.NONE, path);
  }

  private static Outcome meaning(String text, Catalogue where, Prepared prepared, String... path) {
    var schemas = path.length == 0 ? new String[] {"$user", "public"} : path;
    var session =
        new SessionSettings(
            "orders",
            SearchPath.of("postgres", schemas),
            new TreeMap<>(Map.of("search_path", String.join(", ", schemas))));
    return Meaning.of(text, READER.read(text), List.of(), where, session, prepared);
  }

  private static Command.Statement statement(String text, String... path) {
    var command = meaning(text, path).command();
    assertThat(command).as(text).isInstanceOf(Command.Statement.class);
    return (Command.Statement) command;
  }

  private static Set<Effect> effects(String text, String... path) {
    return statement(text, path).effects();
  }

  @Test
  void plainStatementsAreWhatTheyDo() {
    assertThat(effects("SELECT id + 1, lower(name) FROM customers WHERE id = 1"))
        .containsExactly(Effect.READ);
    assertThat(effects("INSERT INTO orders VALUES (1, 1)")).containsExactly(Effect.WRITE);
    assertThat(effects("SELECT nextval('counter')")).contains(Effect.WRITE);
    assertThat(effects("BEGIN")).containsExactly(Effect.SESSION);
    assertThat(effects("")).containsExactly(Effect.SESSION);
    assertThat(effects("SET ROLE app")).contains(Effect.PRIVILEGE);
    assertThat(statement("SELECT 1 FROM customers").reachesUnknown()).isFalse();
    assertThat(statement("SELECT 1 FROM customers").database()).isEqualTo("orders");
    assertThat(statement("SELECT 1 FROM customers").settings()).containsKey("search_path");
  }

  @Test
  void severalStatementsAreOneCommandOfAllTheirEffects() {
    var both = statement("SELECT * FROM customers; DELETE FROM vault.keys WHERE true");
    assertThat(both.effects()).contains(Effect.READ, Effect.DELETE);
    assertThat(both.relations()).contains("public.customers", "vault.keys");
  }

  @Test
  void relationsAreNamedAsTheyAreFoundWithAllThatIsBehind() {
    assertThat(statement("SELECT * FROM key_view").relations())
        .containsExactly("public.key_view", "vault.keys");
    assertThat(statement("SELECT * FROM keys", "vault", "public").relations())
        .containsExactly("vault.keys");
    assertThat(statement("SELECT * FROM parts").relations())
        .containsExactly("public.part_one", "public.parts");
    assertThat(statement("SELECT * FROM part_one").relations()).contains("public.parts");
    assertThat(statement("DELETE FROM customers").relations()).contains("public.orders");
    assertThat(statement("SELECT * FROM pg_class").relations())
        .containsExactly("pg_catalog.pg_class");
    assertThat(statement("DROP INDEX customers_pkey").relations()).contains("public.customers");
  }

  @Test
  void secretsBehindAViewAreSecrets() {
    assertThat(effects("SELECT * FROM password_view")).contains(Effect.SECRET);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT code(1)",
        "SELECT * FROM code_view",
        "SELECT * FROM far",
        "UPDATE audited SET id = 1",
        "WITH u AS (UPDATE audited SET id = 1 RETURNING id) SELECT * FROM u",
        "INSERT INTO defaulted DEFAULT VALUES",
        "ALTER TABLE defaulted ADD COLUMN x int",
        "SELECT 1::checked",
        "SELECT NULL::checked[]",
        "SELECT 1 OPERATOR(shadow.+) 2",
        "SELECT shadow.lower('X')",
        "SELECT no_such_function()",
        "SELECT * FROM no_such_table",
        "SELECT set_config('search' || '_path', 'x', false)",
        "SET app.tenant = '1'",
        "DO 'BEGIN END'",
        "EXPLAIN SELECT code(1)",
        "EXPLAIN SELECT * FROM code_view",
        "EXECUTE nothing",
        "FETCH 1 FROM nothing",
        "DECLARE c CURSOR FOR SELECT code(1)",
        "EXPLAIN ANALYZE UPDATE audited SET id = 1",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; SELECT 1",
        "CREATE VIEW v AS SELECT code(1)",
      })
  void unknownCodeIsUnknownAndReachesUnknown(String text) {
    var command = statement(text);
    assertThat(command.effects()).contains(Effect.UNKNOWN);
    assertThat(command.effects().equals(Set.of(Effect.SESSION))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM audited",
        "SELECT * FROM defaulted",
        "SELECT email = 'x' FROM customers",
        "SELECT similarity(name, 'x') FROM customers WHERE name % 'y'",
        "SELECT email LIKE 'x%' FROM customers",
        "SELECT c.full_name FROM (SELECT name AS full_name FROM customers) c",
        "EXPLAIN UPDATE audited SET id = 1",
        "PREPARE p AS SELECT code(1)",
        "CREATE TABLE fresh (id int)",
        "CREATE TABLE fresh AS SELECT * FROM customers",
        "SELECT * INTO fresh FROM customers",
        "CREATE VIEW fresh AS SELECT * FROM customers",
        "CREATE TABLE fresh (id int); INSERT INTO fresh VALUES (1); SELECT * FROM fresh",
        "CREATE TYPE pair AS (a int, b text)",
        "DROP TABLE IF EXISTS no_such_table",
        "SET chaperone.intent = 'TICKET-7'",
        "BEGIN; SELECT * FROM customers; COMMIT",
        "SET statement_timeout = 1",
      })
  void knownCodeStaysKnown(String text) {
    assertThat(effects(text)).doesNotContain(Effect.UNKNOWN);
  }

  @Test
  void aNamesakeOnThePathMakesABuiltInFunctionUnknown() {
    assertThat(effects("SELECT lower('X')")).doesNotContain(Effect.UNKNOWN);
    assertThat(effects("SELECT lower('X')", "shadow")).contains(Effect.UNKNOWN);
    assertThat(effects("SELECT pg_catalog.lower('X')", "shadow")).doesNotContain(Effect.UNKNOWN);
    assertThat(effects("SELECT 1 + 1", "shadow")).contains(Effect.UNKNOWN);
    assertThat(effects("EXPLAIN SELECT lower('X')", "shadow")).contains(Effect.UNKNOWN);
    assertThat(effects("SELECT c.full_name FROM public.customers c", "shadow"))
        .contains(Effect.UNKNOWN);
    assertThat(effects("SELECT id FROM public.customers ORDER BY id LIMIT 1", "shadow"))
        .doesNotContain(Effect.UNKNOWN);
  }

  @Test
  void functionsAreNamedWithTheirSchemas() {
    assertThat(statement("SELECT lower(name), code(id) FROM customers").functions())
        .containsExactly("pg_catalog.lower", "public.code");
    assertThat(statement("SELECT nothing()").functions()).containsExactly("nothing");
    assertThat(statement("SELECT lower('X')", "shadow").functions())
        .containsExactly("pg_catalog.lower", "shadow.lower");
  }

  @Test
  void aMovedPathFindsNamesInEverySchema() {
    assertThat(statement("SET search_path = vault; SELECT * FROM keys").relations())
        .contains("vault.keys");
    assertThat(effects("SET search_path = shadow; SELECT lower('X')")).contains(Effect.UNKNOWN);
    assertThat(effects("RESET ALL; SELECT lower('X')")).contains(Effect.UNKNOWN);
    assertThat(effects("ROLLBACK; SELECT lower('X')")).contains(Effect.UNKNOWN);
    assertThat(effects("SELECT set_config('search_path', 'shadow', false); SELECT lower('X')"))
        .contains(Effect.UNKNOWN);
    assertThat(statement("SELECT code(1); SELECT * FROM keys").relations()).contains("vault.keys");
    assertThat(effects("SELECT lower('X'); SET search_path = shadow"))
        .doesNotContain(Effect.UNKNOWN);
  }

  @Test
  void namesThatAreNotFoundAreSaidOnce() {
    assertThat(meaning("SELECT * FROM nothing, customers, vault.none").notFound())
        .containsExactly(Name.of("nothing"), Name.of("vault", "none"));
    assertThat(statement("SELECT * FROM nothing").relations()).containsExactly("nothing");
    assertThat(meaning("SELECT * FROM customers").notFound()).isEmpty();
    assertThat(meaning("CREATE TABLE fresh AS SELECT * FROM nothing").notFound())
        .containsExactlyInAnyOrder(Name.of("nothing"), Name.of("fresh"));
    assertThat(effects("CREATE TABLE fresh AS SELECT * FROM nothing")).contains(Effect.UNKNOWN);
    assertThat(meaning("CREATE TABLE fresh (id int); TABLE fresh").notFound())
        .containsExactly(Name.of("fresh"));
  }

  @Test
  void aNewRelationIsNamedWhereItWillStand() {
    assertThat(statement("CREATE TABLE fresh (id int)", "vault").relations())
        .containsExactly("vault.fresh");
    assertThat(statement("CREATE TABLE fresh (id int)", "none", "public").relations())
        .containsExactly("public.fresh");
  }

  @Test
  void executeAndFetchAreWhatTheyStandFor() {
    var read = READER.read("DELETE FROM vault.keys WHERE id = 1");
    var inner = ((Reading.Understood) read).statements().getFirst();
    Prepared prepared =
        new Prepared() {
          @Override
          public Optional<Statement> statement(String name) {
            return name.equals("p") ? Optional.of(inner) : Optional.empty();
          }

          @Override
          public Optional<Statement> cursor(String name) {
            return statement(name);
          }
        };
    for (String text : List.of("EXECUTE p", "FETCH ALL FROM p")) {
      var command = meaning(text, catalogue, prepared).command();
      assertThat(command.effects()).contains(Effect.DELETE).doesNotContain(Effect.UNKNOWN);
      assertThat(((Command.Statement) command).relations()).containsExactly("vault.keys");
      assertThat(((Command.Statement) command).reachesUnknown()).isFalse();
    }
    assertThat(meaning("EXECUTE p(code(1))", catalogue, prepared).command().effects())
        .contains(Effect.UNKNOWN);
  }

  @Test
  void whatWouldBeReadOtherwiseIsRefused() {
    for (String text :
        List.of(
            "SET standard_conforming_strings = off",
            "SET LOCAL backslash_quote TO on",
            "SET client_encoding = 'LATIN1'",
            "SET NAMES 'SJIS'",
            "SELECT set_config('standard_conforming_strings', 'off', true)",
            "SELECT set_config('client_encoding', name, false) FROM customers",
            "SELECT 1; SET client_encoding TO win1252")) {
      assertThat(meaning(text).command()).as(text).isInstanceOf(Command.Unreadable.class);
    }
    for (String text :
        List.of(
            "SET standard_conforming_strings = on",
            "SET client_encoding = 'utf-8'",
            "SET NAMES 'UTF8'",
            "RESET client_encoding",
            "RESET ALL")) {
      assertThat(meaning(text).command()).as(text).isInstanceOf(Command.Statement.class);
    }
  }

  @Test
  void whatCannotBeReadSaysWhy() {
    assertThat(meaning("SELEC 1").command())
        .isEqualTo(
            new Command.Unreadable("SELEC 1", "syntax error at or near \"SELEC\" at character 1"));
    assertThat(meaning("SELECT '\0'").command()).isInstanceOf(Command.Unreadable.class);
  }

  @Test
  void eventTriggersMakeAChangeOfStructureUnknown() {
    var create = meaning("CREATE TABLE fresh (id int)", withEventTrigger, Prepared.NONE);
    assertThat(create.command().effects()).contains(Effect.UNKNOWN);
    var select = meaning("SELECT 1", withEventTrigger, Prepared.NONE);
    assertThat(select.command().effects()).doesNotContain(Effect.UNKNOWN);
  }

  @Test
  void changesOfSettingsAreHandedOn() {
    var outcome = meaning("SET search_path = a, b; SELECT set_config('timezone', 'UTC', true)");
    assertThat(outcome.settings())
        .extracting(change -> change.name() + "=" + change.value())
        .containsExactly("search_path=a, b", "timezone=UTC");
    assertThat(meaning("SET chaperone.intent = 'TICKET-7'").settings().getFirst().value())
        .isEqualTo("TICKET-7");
  }

  @Test
  void theTraceOfTheLastCommentIsTaken() {
    var trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    assertThat(meaning("SELECT 1 /*app='x',traceparent='" + trace + "'*/").trace())
        .isEqualTo(trace);
    assertThat(meaning("SELECT 1 /* traceparent='00-short-01' */").trace()).isNull();
    assertThat(meaning("SELECT 1").trace()).isNull();
  }
}
