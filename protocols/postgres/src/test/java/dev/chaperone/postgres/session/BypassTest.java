package dev.chaperone.postgres.session;

import static dev.chaperone.testing.PgMessages.bind;
import static dev.chaperone.testing.PgMessages.closePortal;
import static dev.chaperone.testing.PgMessages.execute;
import static dev.chaperone.testing.PgMessages.parse;
import static dev.chaperone.testing.PgMessages.query;
import static dev.chaperone.testing.PgMessages.sync;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chaperone.testing.PgFrame;
import dev.chaperone.testing.RawPostgres;
import dev.chaperone.testing.TestPostgres;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ways around that worked once, or work on other gateways. Each runs directly, where it does what
 * it is meant to do, and through the gateway, where it does not.
 */
@Timeout(60)
final class BypassTest {
  private static final String POLICY =
      """
      rules:
        - name: everything
          when: command.effects.size() > 0 && ("unknown" in command.effects || true)
          then: allow
        - name: no-deletes
          when: '"delete" in command.effects || "unknown" in command.effects'
          then: deny
        - name: writes-are-held
          when: '"write" in command.effects'
          then: hold
          reviewers: {groups: [dba]}
          wait: 1m
      masks:
        - name: values
          target: orders
          columns: [public.t.v]
          with: redact
      """;

  private static final String LONG = "n".repeat(63);

  private static TestPostgres postgres;
  private static String database;
  private static TestGateway gateway;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    postgres = TestPostgres.shared();
    database = postgres.createDatabase();
    postgres.run(database, "GRANT TEMPORARY ON DATABASE " + database + " TO app");
    gateway = new TestGateway(postgres, database, directory.resolve("journal"), POLICY);
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @BeforeEach
  void tables() {
    postgres.run(
        database,
        "DROP TABLE IF EXISTS t CASCADE",
        "CREATE TABLE t (id int PRIMARY KEY, v text)",
        "INSERT INTO t SELECT i, 'marker' || i FROM generate_series(1, 10) i",
        "GRANT ALL ON t TO app");
  }

  private interface Attack {
    void play(RawPostgres client);
  }

  private void deletesDirectlyAndNotThrough(Attack attack) {
    try (var client = gateway.direct()) {
      attack.play(client);
    }
    assertThat(count()).as("directly, the attack deletes").isLessThan(10);
    tables();
    try (var client = gateway.through()) {
      attack.play(client);
    }
    assertThat(count()).as("through the gateway, nothing is deleted").isEqualTo(10);
  }

  private void leaksDirectlyAndNotThrough(Attack attack) {
    assertThat(seen(gateway.direct(), attack)).as("directly, the value is seen").contains("marker");
    tables();
    assertThat(seen(gateway.through(), attack))
        .as("through the gateway, it is not")
        .doesNotContain("marker");
  }

  private static String seen(RawPostgres client, Attack attack) {
    try (client) {
      var seen = new StringBuilder();
      RawPostgres watched = client;
      attack.play(watched);
      frames.forEach(frame -> seen.append(new String(frame.body(), StandardCharsets.ISO_8859_1)));
      frames.clear();
      return seen.toString();
    }
  }

  /** What the attack under way has been answered. */
  private static final List<PgFrame> frames = new java.util.ArrayList<>();

  private static void ask(RawPostgres client, String sql) {
    frames.addAll(client.query(sql));
  }

  private static void ask(RawPostgres client, PgFrame... messages) {
    client.send(messages);
    frames.addAll(client.readUntilReady());
  }

  private static long count() {
    try (var direct = gateway.direct()) {
      return Long.parseLong(
          String.valueOf(direct.query("SELECT count(*) FROM t").get(1).texts().getFirst()));
    }
  }

  @Test
  void aPreparedStatementThatTheSameTextReplaces() {
    deletesDirectlyAndNotThrough(client -> {
      client.query("PREPARE p AS SELECT 1");
      client.query("DEALLOCATE p; PREPARE p AS DELETE FROM t WHERE id = 1; EXECUTE p");
    });
  }

  @Test
  void aStatementsNameThatTheServerCuts() {
    deletesDirectlyAndNotThrough(client -> {
      client.send(parse(LONG + "a", "SELECT 1"), sync());
      client.readUntilReady();
      client.query("DEALLOCATE " + LONG);
      client.query("PREPARE " + LONG + " AS DELETE FROM t WHERE id = 5");
      client.send(bind("", LONG + "a"), execute("", 0), sync());
      client.readUntilReady();
    });
  }

  @Test
  void aPortalsNameThatTheServerCuts() {
    leaksDirectlyAndNotThrough(client ->
        ask(
            client,
            parse("", "SELECT 'x'::text"),
            bind(LONG + "a", ""),
            closePortal(LONG + "b"),
            parse("", "SELECT v || '' FROM t"),
            bind(LONG + "b", ""),
            execute(LONG + "a", 0),
            sync()));
  }

  @Test
  void aSettingThatCarriesAValue() {
    leaksDirectlyAndNotThrough(client -> {
      ask(
          client,
          "SELECT set_config('search_path', (SELECT string_agg(v, ',') FROM public.t), false)");
      ask(client, "SHOW search_path");
      ask(client, "SELECT current_setting('search_path')");
    });
  }

  @Test
  void aCursorOfATransactionThatIsOver() {
    leaksDirectlyAndNotThrough(client -> {
      ask(client, "BEGIN");
      ask(client, "DECLARE c CURSOR FOR SELECT 1");
      ask(client, "ROLLBACK");
      ask(client, "BEGIN");
      ask(client, parse("", "SELECT v || '' FROM t"), bind("c", ""), sync());
      ask(client, "FETCH 2 FROM c");
    });
  }

  @Test
  void aTemporaryTableThatTheSameTextThrowsAway() {
    leaksDirectlyAndNotThrough(client -> {
      ask(client, "CREATE TEMP TABLE t (v text)");
      ask(client, "DISCARD TEMP; SELECT v || '' FROM t WHERE id = 1");
    });
  }

  @Test
  void aTemporaryTableOfAnotherSession() {
    try (var other = gateway.through();
        var before = gateway.through()) {
      before.query("SELECT 1");
      other.query("CREATE TEMP TABLE t (v text)");
      other.query("SELECT 1");
      for (var client : List.of(before, gateway.through())) {
        ask(client, "SELECT v || '' FROM t WHERE id = 1");
        ask(client, "SELECT v || '' FROM t WHERE id = 1");
        client.close();
      }
      var seen = new StringBuilder();
      frames.forEach(frame -> seen.append(new String(frame.body(), StandardCharsets.ISO_8859_1)));
      frames.clear();
      assertThat(seen.toString()).doesNotContain("marker");
    }
  }

  @Test
  void aPreparedStatementWhoseTableIsShadowedLater() {
    leaksDirectlyAndNotThrough(client -> {
      ask(client, "CREATE TEMP TABLE dummy (i int)");
      ask(client, parse("st", "SELECT v || '' FROM t WHERE id = 1"), sync());
      ask(client, "CREATE TEMP TABLE t (id int, v text)");
      ask(client, bind("", "st"), execute("", 0), sync());
    });
  }

  @Test
  void aFunctionThatReadsATypesNameAndRunsItsCode() {
    postgres.run(
        database,
        "CREATE OR REPLACE FUNCTION eat(text) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER AS"
            + " 'BEGIN DELETE FROM public.t WHERE id = 1; RETURN true; END'",
        "DROP DOMAIN IF EXISTS hungry",
        "CREATE DOMAIN hungry AS text CHECK (eat(VALUE))");
    deletesDirectlyAndNotThrough(client -> client.query("SELECT pg_input_is_valid('x', 'hungry')"));
  }

  @Test
  void anArrayThatClaimsMoreThanItBringsIsShownAsItsBytes() {
    try (var client = gateway.through()) {
      var value =
          java.nio.ByteBuffer.allocate(12 + 24 + 60_000)
              .putInt(3)
              .putInt(0)
              .putInt(23)
              .putInt(60_000)
              .putInt(1)
              .putInt(60_000)
              .putInt(1)
              .putInt(0)
              .putInt(1)
              .array();
      var message = new dev.chaperone.postgres.wire.MessageBuilder();
      message
          .begin((byte) 'B')
          .string("")
          .string("")
          .int16(1)
          .int16(1)
          .int16(1)
          .value(value)
          .int16(0)
          .end();
      client.send(parse("", "SELECT $1::int[]", 1007));
      client.sendRaw(message.toArray());
      client.send(execute("", 0), sync());
      assertThat(client.readUntilReady().getLast().type()).isEqualTo('Z');
      assertThat(client.query("SELECT 1").getLast().type()).isEqualTo('Z');
    }
  }

  @Test
  void aGrantOfAnExecuteDoesNotCountForAnotherStatementOfThatName() throws Exception {
    try (var client = gateway.through();
        var other = gateway.through()) {
      client.query("PREPARE q AS INSERT INTO t VALUES (100, 'x')");
      other.query("PREPARE q AS INSERT INTO t VALUES (200, 'y')");
      client.send(query("EXECUTE q"));
      var first = gateway.approvals().next();
      other.send(query("EXECUTE q"));
      var second = gateway.approvals().next();
      assertThat(first.ask().digest()).isNotEqualTo(second.ask().digest());
      assertThat(first.ask().command().settings().get("prepared statement q")).contains("100");
      first.refuse("no");
      second.refuse("no");
      client.readUntilReady();
      other.readUntilReady();
    }
  }

  @Test
  void aViewThatIsReplacedWhileItsReaderIsHeldIsAskedAnew() throws Exception {
    postgres.run(
        database,
        "CREATE VIEW w AS SELECT 1 AS id, 'plain'::text AS v",
        "CREATE TABLE x (v text)",
        "GRANT ALL ON w, x TO app");
    try (var client = gateway.through()) {
      client.send(query("INSERT INTO x SELECT v FROM w RETURNING v || ''"));
      var first = gateway.approvals().next();
      assertThat(first.ask().command().toString()).doesNotContain("public.t");
      postgres.run(database, "CREATE OR REPLACE VIEW w AS SELECT id, v || '' AS v FROM t");
      first.grant();
      var second = gateway.approvals().next();
      assertThat(second.ask().command().toString()).contains("public.t");
      second.grant();
      frames.addAll(client.readUntilReady());
      var seen = new StringBuilder();
      frames.forEach(frame -> seen.append(new String(frame.body(), StandardCharsets.ISO_8859_1)));
      frames.clear();
      assertThat(seen.toString()).doesNotContain("marker");
    } finally {
      postgres.run(database, "DROP VIEW IF EXISTS w", "DROP TABLE IF EXISTS x");
    }
  }
}
