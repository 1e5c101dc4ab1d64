package dev.chaperone.postgres.session;

import static dev.chaperone.testing.PgMessages.bind;
import static dev.chaperone.testing.PgMessages.closePortal;
import static dev.chaperone.testing.PgMessages.closeStatement;
import static dev.chaperone.testing.PgMessages.describePortal;
import static dev.chaperone.testing.PgMessages.describeStatement;
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
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The two pumps against a real server, message for message. */
@Timeout(60)
final class PumpsTest {
  private static TestPostgres postgres;
  private static String database;
  private static TestGateway gateway;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    postgres = TestPostgres.shared();
    database = postgres.createDatabase();
    gateway = new TestGateway(postgres, database, directory.resolve("journal"), TestGateway.POLICY);
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @BeforeEach
  void tables() {
    postgres.run(
        database,
        "DROP TABLE IF EXISTS t",
        "CREATE TABLE t (id int PRIMARY KEY, v text)",
        "INSERT INTO t SELECT i, 'v' || i FROM generate_series(1, 10) i",
        "GRANT ALL ON t TO app");
  }

  private static long count() {
    try (var direct = gateway.direct()) {
      return Long.parseLong(
          String.valueOf(direct.query("SELECT count(*) FROM t").get(1).texts().getFirst()));
    }
  }

  /** What a conversation looks like: each step is sent as one write and read up to its end. */
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
  void simpleQueriesAnswerLikeTheServer() {
    assertSameTrace(client -> {
      client.query("SELECT 1");
      client.query("SELECT 1; SELECT 2 WHERE false; INSERT INTO t VALUES (11, 'x')");
      client.query("");
      client.query(";");
      client.query("SELECT * FROM nowhere");
      client.query("SELEC 1");
      client.query("BEGIN");
      client.query("SELECT 1/0");
      client.query("SELECT 1");
      client.query("ROLLBACK");
      client.query("INSERT INTO t VALUES (12, 'x'); SELECT 1/0");
      client.query("SHOW TimeZone");
      client.query("SET TimeZone = 'UTC'");
    });
  }

  @Test
  void extendedQueriesAnswerLikeTheServer() {
    assertSameTrace(client -> {
      client.send(
          parse("", "SELECT v FROM t WHERE id = $1"),
          bind("", "", "1"),
          describePortal(""),
          execute("", 0),
          sync());
      client.readUntilReady();
      client.send(parse("s", "SELECT v FROM t ORDER BY id"), describeStatement("s"), sync());
      client.readUntilReady();
      client.send(bind("p", "s"), execute("p", 3), execute("p", 3), execute("p", 0), sync());
      client.readUntilReady();
      client.send(bind("", "s"), execute("", 0), bind("", "s"), execute("", 2), sync());
      client.readUntilReady();
      client.send(closeStatement("s"), closePortal("nope"), sync());
      client.readUntilReady();
      client.send(parse("", ""), bind("", ""), execute("", 0), sync());
      client.readUntilReady();
      client.send(sync(), sync(), sync());
      client.readUntilReady();
      client.readUntilReady();
      client.readUntilReady();
    });
  }

  @Test
  void aRowLimitSuspendsAndGoesOn() {
    assertSameTrace(client -> {
      client.query("BEGIN");
      client.send(parse("s", "SELECT * FROM t"), bind("p", "s"), execute("p", 4), sync());
      client.readUntilReady();
      client.send(execute("p", 4), sync());
      client.readUntilReady();
      client.send(execute("p", 4), sync());
      client.readUntilReady();
      client.send(execute("p", 4), sync());
      client.readUntilReady();
      client.query("COMMIT");
      client.send(execute("p", 4), sync());
      client.readUntilReady();
    });
  }

  @Test
  void errorsInAPipelineSkipToSync() {
    assertSameTrace(client -> {
      client.send(
          parse("", "INSERT INTO t VALUES (20, 'a')"),
          bind("", ""),
          execute("", 0),
          parse("", "SELECT 1/0"),
          bind("", ""),
          execute("", 0),
          parse("", "INSERT INTO t VALUES (21, 'a')"),
          bind("", ""),
          execute("", 0),
          sync(),
          parse("", "SELECT count(*) FROM t"),
          bind("", ""),
          execute("", 0),
          sync());
      client.readUntilReady();
      client.readUntilReady();
      client.send(bind("", "missing"), execute("", 0), sync());
      client.readUntilReady();
      client.send(execute("missing", 0), sync());
      client.readUntilReady();
      client.send(describeStatement("missing"), sync());
      client.readUntilReady();
    });
  }

  @Test
  void aNameThatASkippedParseWouldHaveTakenStaysWithItsOwner() throws Exception {
    try (var client = gateway.through()) {
      client.send(parse("s", "SELECT /*deny*/ 1"), sync());
      assertThat(Answers.types(client.readUntilReady())).isEqualTo("EZ");
      client.send(parse("s", "DELETE FROM t /*hold*/"), sync());
      assertThat(Answers.types(client.readUntilReady())).isEqualTo("1Z");
      // The close and the harmless parse are skipped by the server: s still deletes.
      client.send(
          parse("", "SELECT 1/0"),
          bind("", ""),
          execute("", 0),
          closeStatement("s"),
          parse("s", "SELECT 1"),
          sync(),
          bind("", "s"),
          execute("", 0),
          sync());
      client.readUntilReady();
      gateway.approvals().next().refuse("no");
      assertThat(Answers.types(client.readUntilReady())).isEqualTo("NEZ");
      assertThat(count()).isEqualTo(10);
    }
  }

  @Test
  void aRefusedSimpleQueryLeavesTheTransactionAsAServerWould() {
    try (var client = gateway.through()) {
      assertThat(Answers.types(client.query("SELECT 1 /*deny*/"))).isEqualTo("EZ");
      assertThat(Answers.status(client.query("SELECT 1"))).isEqualTo('I');
      client.query("BEGIN");
      client.query("INSERT INTO t VALUES (30, 'x')");
      assertThat(Answers.status(client.query("DELETE FROM t /*deny*/"))).isEqualTo('E');
      assertThat(Answers.types(client.query("SELECT 1"))).isEqualTo("EZ");
      client.query("COMMIT");
      assertThat(count()).isEqualTo(10);
    }
  }

  @Test
  void aRefusalInAPipelineKeepsItsPlaceAndCommitsNothing() {
    try (var client = gateway.through()) {
      client.send(
          parse("", "INSERT INTO t VALUES (40, 'x')"),
          bind("", ""),
          execute("", 0),
          parse("", "DELETE FROM t /*deny*/"),
          bind("", ""),
          execute("", 0),
          parse("", "SELECT 1"),
          bind("", ""),
          execute("", 0),
          sync(),
          parse("", "SELECT 2"),
          bind("", ""),
          execute("", 0),
          sync());
      assertThat(Answers.types(client.readUntilReady())).isEqualTo("12CEZ");
      assertThat(Answers.types(client.readUntilReady())).isEqualTo("12DCZ");
      assertThat(count()).isEqualTo(10);
    }
  }

  @Test
  void theBindThatWouldDeleteByPlanningDoesNotReachTheServer() {
    postgres.run(
        database,
        "CREATE OR REPLACE FUNCTION wiping() RETURNS int LANGUAGE plpgsql VOLATILE SECURITY DEFINER"
            + " AS 'BEGIN DELETE FROM public.t; RETURN 1; END'",
        "CREATE OR REPLACE FUNCTION wipe() RETURNS int LANGUAGE plpgsql IMMUTABLE"
            + " AS 'BEGIN RETURN (SELECT public.wiping()); END'");
    try (var direct = gateway.direct()) {
      direct.send(parse("", "SELECT wipe()"), bind("", ""), sync());
      direct.readUntilReady();
      assertThat(count()).as("directly, planning alone deletes").isZero();
    }
    tables();
    try (var client = gateway.through()) {
      client.send(parse("", "SELECT wipe() /*deny*/"), bind("", ""), sync());
      assertThat(Answers.types(client.readUntilReady())).isEqualTo("EZ");
      assertThat(count()).isEqualTo(10);
    }
  }

  @Test
  void aNameThatIsNotThereIsNotLookedForInASegmentThatHasFailed() {
    assertSameTrace(client -> {
      for (int i = 0; i < 3; i++) { // the catalogue has an age at which it is read anew
        client.query("SELECT pg_sleep(0.3)");
        client.send(
            parse("", "SELECT 1/0"),
            bind("", ""),
            execute("", 0),
            flush(),
            parse("", "SELECT * FROM nowhere"),
            bind("", ""),
            execute("", 0),
            sync());
        client.readUntilReady();
      }
    });
  }

  @Test
  void theFunctionCallMessageIsRefusedInItsPlace() {
    try (var client = gateway.through()) {
      client.send(PgFrame.of('F', new byte[] {0, 0, 0, 1, 0, 0, 0, 0, 0, 0}));
      var answer = client.readUntilReady();
      assertThat(Answers.types(answer)).isEqualTo("EZ");
      assertThat(answer.getFirst().sqlState()).isEqualTo("0A000");
      assertThat(Answers.types(client.query("SELECT 1"))).isEqualTo("TDCZ");
    }
  }

  @Test
  void aFlushBringsRepliesWithoutASync() {
    assertSameTrace(client -> {
      client.send(parse("", "SELECT 1"), bind("", ""), execute("", 0), flush());
      client.readUntil('C');
      client.send(sync());
      client.readUntilReady();
    });
  }

  @Test
  void everyAdmittedCommandIsClosedExactlyOnce() throws Exception {
    String session;
    try (var client = gateway.through()) {
      client.send(
          parse("a", "SELECT v FROM t"),
          bind("", "a"),
          bind("x", "a"),
          execute("", 2),
          sync(),
          query("SELECT 1; SELECT 1/0"),
          parse("", "SELECT 1/0"),
          bind("", ""),
          execute("", 0),
          bind("", "a"),
          execute("", 0),
          sync());
      client.readUntilReady();
      client.readUntilReady();
      client.readUntilReady();
      session =
          gateway.sessions().live().stream()
              .max(java.util.Comparator.comparing(dev.chaperone.core.session.Session::started))
              .orElseThrow()
              .id();
    }
    gateway.awaitEntry("session.ended", session);
    var allowed =
        gateway.entries().stream()
            .filter(e -> e.contains(session) && e.contains("\"verdict\":\"allow\""))
            .map(PumpsTest::command)
            .sorted()
            .toList();
    var closed =
        gateway.entries().stream()
            .filter(e -> e.contains(session) && e.contains("\"type\":\"closed\""))
            .map(PumpsTest::command)
            .sorted()
            .toList();
    assertThat(closed).isEqualTo(allowed).hasSizeGreaterThanOrEqualTo(4).doesNotHaveDuplicates();
  }

  @Test
  void aHugePipelineIsAnsweredWhole() throws Exception {
    try (var client = gateway.through()) {
      var sender =
          CompletableFuture.runAsync(() -> {
            for (int i = 0; i < 5_000; i++) {
              client.send(parse("", "SELECT 1"), bind("", ""), execute("", 0));
            }
            client.send(sync());
          });
      var answer = client.readUntilReady();
      sender.join();
      assertThat(answer).hasSize(20_001);
    }
  }

  private static String command(String entry) {
    int at = entry.indexOf("\"command\":\"") + 11;
    return entry.substring(at, entry.indexOf('"', at));
  }
}
