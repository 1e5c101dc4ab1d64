package dev.chaperone.postgres.session;

import static dev.chaperone.postgres.session.Shown.error;
import static dev.chaperone.postgres.session.Shown.texts;
import static dev.chaperone.postgres.session.Shown.types;
import static dev.chaperone.testing.PgMessages.bind;
import static dev.chaperone.testing.PgMessages.closePortal;
import static dev.chaperone.testing.PgMessages.closeStatement;
import static dev.chaperone.testing.PgMessages.describePortal;
import static dev.chaperone.testing.PgMessages.execute;
import static dev.chaperone.testing.PgMessages.flush;
import static dev.chaperone.testing.PgMessages.parse;
import static dev.chaperone.testing.PgMessages.query;
import static dev.chaperone.testing.PgMessages.sync;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chaperone.testing.PgFrame;
import dev.chaperone.testing.RawPostgres;
import dev.chaperone.testing.TestPostgres;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ways to make a name mean one thing to the gateway and another to the server. Here a DELETE may be
 * prepared and never run, and a query that may be anything may not run either.
 */
@Timeout(60)
final class NameTrapsTest {
  private static final String POLICY =
      """
      rules:
        - name: everything
          when: command.effects.size() > 0 && ("unknown" in command.effects || true)
          then: allow
        - name: no-delete
          when: '"delete" in command.effects'
          then: deny
          message: not here
        - name: nothing-unknown
          when: '"unknown" in command.effects && command.text.startsWith("SELECT")'
          then: deny
          message: it may be anything
      """;

  private static TestPostgres postgres;
  private static String database;
  private static TestGateway gateway;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    postgres = TestPostgres.shared();
    database = postgres.createDatabase();
    gateway = new TestGateway(postgres, database, directory.resolve("journal"), POLICY);
    postgres.run(
        database,
        "CREATE SCHEMA other AUTHORIZATION app",
        """
        CREATE FUNCTION swap() RETURNS int LANGUAGE plpgsql AS $$BEGIN
          EXECUTE 'DEALLOCATE s'; EXECUTE 'PREPARE s AS DELETE FROM public.t'; RETURN 1; END$$
        """,
        """
        CREATE FUNCTION reopen() RETURNS int LANGUAGE plpgsql AS $$DECLARE c refcursor := 'p';
          BEGIN CLOSE c; OPEN c FOR SELECT v FROM public.t ORDER BY id; RETURN 1; END$$
        """);
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
        "INSERT INTO t SELECT i, 'v' || i FROM generate_series(1, 10) i",
        "GRANT ALL ON t TO app");
  }

  private static void assertNothingDeleted() {
    try (var direct = gateway.direct()) {
      assertThat(texts(direct.query("SELECT count(*) FROM t"))).containsExactly("10");
    }
  }

  private interface Script {
    void play(RawPostgres client);
  }

  private void assertSameTrace(Script script) {
    String direct;
    try (var client = gateway.direct()) {
      script.play(client);
      direct = client.trace();
    }
    tables();
    try (var client = gateway.through()) {
      script.play(client);
      assertThat(client.trace()).isEqualTo(direct);
    }
  }

  @Test
  void aStatementThatSqlReplacesInThePipelineIsDecidedAsTheNewOne() {
    try (var client = gateway.through()) {
      client.send(parse("s", "SELECT 1"), sync());
      client.readUntilReady();
      client.send(
          query("DEALLOCATE s; PREPARE s AS DELETE FROM t"), bind("", "s"), execute("", 0), sync());
      assertThat(types(client.readUntilReady())).isEqualTo("CCZ");
      assertThat(error(client.readUntilReady())).isEqualTo("42501");
      assertNothingDeleted();
    }
  }

  @Test
  void aStatementThatSqlReplacesInItsOwnSegmentIsDecidedAsTheNewOne() {
    try (var client = gateway.through()) {
      client.send(
          parse("s", "SELECT 1"),
          bind("", "s"),
          execute("", 0),
          parse("", "DEALLOCATE s"),
          bind("", ""),
          execute("", 0),
          parse("", "PREPARE s AS DELETE FROM t"),
          bind("", ""),
          execute("", 0),
          bind("", "s"),
          execute("", 0),
          sync());
      assertThat(error(client.readUntilReady())).isEqualTo("42501");
      assertNothingDeleted();
    }
  }

  @Test
  void sqlExecutesWhatTheProtocolPreparedAndTheOtherWayRound() {
    try (var client = gateway.through()) {
      assertThat(types(client.query("PREPARE d AS DELETE FROM t"))).isEqualTo("CZ");
      assertThat(error(client.query("EXECUTE d"))).isEqualTo("42501");
      client.send(parse("e", "SELECT v FROM t WHERE id = 1"), query("EXECUTE e"));
      assertThat(texts(client.readUntilReady())).containsExactly("v1");
      client.query("PREPARE f (int) AS SELECT v FROM t WHERE id = $1");
      client.send(bind("", "f", "2"), execute("", 0), sync());
      assertThat(texts(client.readUntilReady())).containsExactly("v2");
      client.send(closeStatement("f"), sync());
      client.readUntilReady();
      assertThat(error(client.query("EXECUTE f(1)"))).isNotEmpty();
      client.query("DISCARD ALL");
      client.send(bind("", "e"), sync());
      assertThat(error(client.readUntilReady())).isEqualTo("26000");
    }
  }

  @Test
  void aBlockOrFunctionThatReplacesAStatementMakesItDistrusted() {
    for (var way :
        new String[] {
          "DO $$BEGIN EXECUTE 'DEALLOCATE s'; EXECUTE 'PREPARE s AS DELETE FROM t'; END$$",
          "VALUES (swap())"
        }) {
      try (var client = gateway.through()) {
        client.send(parse("s", "SELECT 1"), sync());
        client.readUntilReady();
        client.send(query(way), bind("", "s"), execute("", 0), sync());
        assertThat(error(client.readUntilReady())).as(way).isEmpty();
        assertThat(error(client.readUntilReady())).as(way).isEqualTo("42501");
        assertNothingDeleted();
      }
    }
  }

  @Test
  void aFunctionThatReplacesAStatementAndIsSuspendedMakesItDistrusted() {
    try (var client = gateway.through()) {
      client.send(parse("s", "SELECT 1"), sync());
      client.readUntilReady();
      client.query("BEGIN");
      client.send(
          parse("", "VALUES (swap()), (2)"),
          bind("p", ""),
          execute("p", 1),
          bind("", "s"),
          execute("", 0),
          sync());
      assertThat(error(client.readUntilReady())).isEqualTo("42501");
      client.query("ROLLBACK");
      assertNothingDeleted();
    }
  }

  @Test
  void aPortalWhoseNameSqlGaveToACursorIsNotExecutedAsTheOldOne() {
    try (var client = gateway.through()) {
      client.query("BEGIN");
      client.send(parse("", "SELECT 'old'"), bind("p", ""), sync());
      client.readUntilReady();
      client.send(query("CLOSE p; DECLARE p CURSOR FOR SELECT v FROM t"), execute("p", 0), sync());
      assertThat(error(client.readUntilReady())).isEmpty();
      var answer = client.readUntilReady();
      assertThat(error(answer)).isEqualTo("34000");
      assertThat(texts(answer)).isEmpty();
    }
  }

  @Test
  void aPortalThatAFunctionMayHaveReplacedIsDecidedAnewAsUnknown() {
    try (var client = gateway.through()) {
      client.query("BEGIN");
      client.send(parse("", "SELECT 'old'"), bind("p", ""), sync());
      client.readUntilReady();
      client.send(query("VALUES (reopen())"), execute("p", 0), sync());
      assertThat(error(client.readUntilReady())).isEmpty();
      var answer = client.readUntilReady();
      assertThat(error(answer)).isEqualTo("42501");
      assertThat(texts(answer)).isEmpty();
    }
  }

  @Test
  void aCursorIsFetchedAsItsQueryAndNotExecutedAsAPortal() {
    try (var client = gateway.through()) {
      client.query("BEGIN");
      client.query("DECLARE c CURSOR FOR SELECT v FROM t ORDER BY id");
      assertThat(texts(client.query("FETCH 2 FROM c"))).containsExactly("v1", "v2");
      client.send(execute("c", 1), sync());
      var answer = client.readUntilReady();
      assertThat(texts(answer)).isEmpty();
      assertThat(error(answer)).isEqualTo("34000");
    }
  }

  @Test
  void aPortalEndsWithItsTransactionAndTheSessionGoesOn() {
    assertSameTrace(client -> {
      client.send(parse("s", "SELECT v FROM t"), bind("p", "s"), sync());
      client.readUntilReady();
      client.send(execute("p", 0), sync());
      client.readUntilReady();
      client.send(bind("p", "s"), sync(), execute("p", 0), sync());
      client.readUntilReady();
      client.readUntilReady();
      client.query("SELECT 1");
    });
  }

  @Test
  void aSimpleQueryEndsTheUnnamedPortal() {
    assertSameTrace(client -> {
      client.query("BEGIN");
      client.send(parse("s", "SELECT v FROM t"), bind("", "s"), sync());
      client.readUntilReady();
      client.query("SELECT 1");
      client.send(execute("", 0), sync());
      client.readUntilReady();
      client.query("ROLLBACK");
    });
  }

  @Test
  void whatFollowsAFailedBindInPiecesIsSkipped() {
    assertSameTrace(client -> {
      client.send(parse("", "SELECT $1::int"), bind("", "", "no number"), flush());
      client.readUntil('E');
      client.send(execute("", 0), flush());
      client.send(describePortal(""), bind("", ""), query("SELECT 1"), sync());
      client.readUntilReady();
      client.query("SELECT 1");
    });
  }

  @Test
  void aPortalNameIsBoundTwiceLikeOnTheServer() {
    assertSameTrace(client -> {
      client.query("BEGIN");
      client.send(parse("s", "SELECT v FROM t"), bind("p", "s"), bind("p", "s"), sync());
      client.readUntilReady();
      client.query("ROLLBACK");
      client.query("BEGIN");
      client.send(bind("p", "s"), execute("p", 1), sync());
      client.readUntilReady();
      client.send(bind("p", "s"), sync());
      client.readUntilReady();
      client.query("ROLLBACK");
      client.send(
          bind("p", "s"),
          closePortal("p"),
          bind("p", "s"),
          execute("p", 2),
          closePortal("p"),
          execute("p", 2),
          sync());
      client.readUntilReady();
      client.send(
          closeStatement("s"), parse("s", "SELECT 1"), bind("", "s"), execute("", 0), sync());
      client.readUntilReady();
    });
  }

  @Test
  void aPortalThatIsExecutedOnceMoreIsAnotherCommand() throws Exception {
    try (var client = gateway.through()) {
      client.query("BEGIN");
      client.send(
          parse("", "SELECT 'once more'"), bind("p", ""), execute("p", 0), execute("p", 0), sync());
      assertThat(types(client.readUntilReady())).isEqualTo("12DCCZ");
      client.query("COMMIT");
    }
    assertThat(
            gateway.entries().stream()
                .filter(e -> e.contains("\"type\":\"decided\"") && e.contains("once more"))
                .count())
        .isEqualTo(2);
  }

  @Test
  void aSimpleQueryInsideAnOpenSegmentIsAnsweredInOrder() {
    assertSameTrace(client -> {
      client.send(
          parse("", "INSERT INTO t VALUES (11, 'x')"),
          bind("", ""),
          execute("", 0),
          query("SELECT count(*) FROM t"));
      client.readUntilReady();
      client.send(sync());
      client.readUntilReady();
      client.send(parse("", "SELECT 1/0"), bind("", ""), execute("", 0), query("SELECT 1"), sync());
      client.readUntilReady();
      client.send(parse("", "SELECT 1"), query("SELECT 2"), bind("", ""), sync());
      client.readUntilReady();
      client.readUntilReady();
      client.send(flush(), flush(), sync(), flush(), sync());
      client.readUntilReady();
      client.readUntilReady();
      client.send(bind("", "nope"), flush(), flush(), sync(), query("SELECT 3"));
      client.readUntilReady();
      client.readUntilReady();
    });
  }

  @Test
  void aFunctionCallInAPipelineIsRefusedInItsPlace() {
    try (var client = gateway.through()) {
      client.send(
          parse("", "INSERT INTO t VALUES (11, 'x')"),
          bind("", ""),
          execute("", 0),
          PgFrame.of('F', new byte[] {0, 0, 0, 1, 0, 0, 0, 0, 0, 0}),
          parse("", "SELECT 1"),
          bind("", ""),
          execute("", 0),
          sync());
      assertThat(types(client.readUntilReady())).isEqualTo("12CEZ");
      assertThat(types(client.readUntilReady())).isEqualTo("12DCZ");
      assertNothingDeleted();
    }
  }

  @Test
  void copyMessagesOutsideOfCopyAreIgnoredLikeOnTheServer() {
    assertSameTrace(client -> {
      client.send(
          PgFrame.of('d', new byte[1 << 20]),
          PgFrame.of('c', new byte[0]),
          PgFrame.of('f', new byte[] {'x', 0}),
          query("SELECT 1"));
      client.readUntilReady();
    });
  }
}
