package dev.chaperone.postgres.session;

import static dev.chaperone.testing.PgMessages.bind;
import static dev.chaperone.testing.PgMessages.execute;
import static dev.chaperone.testing.PgMessages.parse;
import static dev.chaperone.testing.PgMessages.query;
import static dev.chaperone.testing.PgMessages.sync;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chaperone.testing.RawPostgres;
import dev.chaperone.testing.TestPostgres;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Held, cancelled and killed commands against a real server, message for message. */
@Timeout(60)
final class HeldTest {
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

  @Test
  void aHeldStatementDoesNotHoldUpWhatCameBeforeItAndRunsOnceGranted() throws Exception {
    try (var client = gateway.through()) {
      client.send(
          parse("", "SELECT 1"),
          bind("", ""),
          execute("", 0),
          sync(),
          parse("", "DELETE FROM t WHERE id <= $1 /*hold*/"),
          bind("", "", "3"),
          execute("", 0),
          sync());
      assertThat(Answers.types(client.readUntilReady())).isEqualTo("12DCZ");
      var held = gateway.approvals().next();
      assertThat(client.readUntil('N').getLast().fields().get('M')).contains(held.review().id());
      try (var other = gateway.direct()) { // nothing of it sits on the server: no lock is held
        assertThat(Answers.types(other.query("BEGIN; LOCK TABLE t NOWAIT; ROLLBACK")))
            .isEqualTo("CCCZ");
      }
      assertThat(count()).isEqualTo(10);
      held.grant();
      assertThat(Answers.types(client.readUntilReady())).isEqualTo("12CZ");
      assertThat(count()).isEqualTo(7);
      gateway.awaitEntry("closed", held.ask().commandId());
    }
  }

  @Test
  void aHoldInsideATransactionIsToldAtOnceAndFailsIt() throws Exception {
    int asked = gateway.approvals().asked();
    try (var client = gateway.through()) {
      client.query("BEGIN");
      client.query("INSERT INTO t VALUES (50, 'x')");
      var answer = client.query("DELETE FROM t /*hold*/");
      assertThat(Answers.types(answer)).isEqualTo("EZ");
      assertThat(answer.getFirst().fields().get('C')).isEqualTo("42501");
      assertThat(answer.getFirst().fields().get('D')).contains("\"state\":\"pending\"");
      assertThat(Answers.status(answer)).isEqualTo('E');
      client.query("ROLLBACK");
      assertThat(gateway.approvals().asked()).isEqualTo(asked + 1);
    }
  }

  @Test
  void aHoldThatARuleWaitsForInsideATransactionRunsInIt() throws Exception {
    try (var client = gateway.through()) {
      client.query("BEGIN");
      client.send(query("DELETE FROM t WHERE id = 1 /*hold-in-transaction*/"));
      gateway.approvals().next().grant();
      assertThat(Answers.types(client.readUntilReady())).isEqualTo("NCZ");
      client.query("COMMIT");
      assertThat(count()).isEqualTo(9);
    }
  }

  @Test
  void nobodyIsAskedForWhatCanNeverRun() {
    int asked = gateway.approvals().asked();
    try (var client = gateway.through()) {
      client.query("BEGIN");
      client.query("SELECT 1/0");
      var answer = client.query("DELETE FROM t /*hold*/");
      assertThat(answer.getFirst().fields().get('C')).isEqualTo("25P02");
      client.query("ROLLBACK");
      client.send(
          parse("", "SELECT 1/0"),
          bind("", ""),
          execute("", 0),
          parse("", "DELETE FROM t /*hold*/"),
          bind("", ""),
          execute("", 0),
          sync());
      assertThat(Answers.types(client.readUntilReady())).isEqualTo("1EZ");
      assertThat(gateway.approvals().asked()).isEqualTo(asked);
    }
  }

  @Test
  void aRefusedReviewKeepsItsPlace() throws Exception {
    try (var client = gateway.through()) {
      client.send(query("DELETE FROM t /*hold*/"), query("SELECT 1"));
      gateway.approvals().next().refuse("not on a Friday");
      var answer = client.readUntilReady();
      assertThat(Answers.types(answer)).isEqualTo("NEZ");
      assertThat(answer.get(1).fields().get('M')).contains("not on a Friday");
      assertThat(Answers.types(client.readUntilReady())).isEqualTo("TDCZ");
      assertThat(count()).isEqualTo(10);
    }
  }

  @Test
  void aCancelEndsTheReviewAndNothingRuns() throws Exception {
    try (var client = gateway.through()) {
      client.send(query("DELETE FROM t /*hold*/"));
      var held = gateway.approvals().next();
      cancel(client);
      assertThat(held.decision().join().getClass().getSimpleName()).isEqualTo("Cancelled");
      var answer = client.readUntilReady();
      assertThat(answer.get(1).fields().get('C')).isEqualTo("57014");
      assertThat(Answers.types(client.query("SELECT 1"))).isEqualTo("TDCZ");
      assertThat(count()).isEqualTo(10);
    }
  }

  @Test
  void aCancelReachesWhatRuns() throws Exception {
    try (var client = gateway.through()) {
      client.send(query("SELECT pg_sleep(30)"));
      gateway.awaitEntry("decided", "pg_sleep");
      awaitRunning("pg_sleep");
      cancel(client);
      var answer = client.readUntilReady();
      assertThat(answer.getLast().type()).isEqualTo('Z');
      assertThat(answer.stream().filter(f -> f.type() == 'E').findFirst().orElseThrow().fields())
          .containsEntry('C', "57014");
    }
  }

  @Test
  void aClientThatLeavesEndsItsWaitAndNotTheReview() throws Exception {
    var client = gateway.through();
    client.send(query("DELETE FROM t /*hold*/"));
    var held = gateway.approvals().next();
    client.close();
    assertThat(held.decision().join().getClass().getSimpleName()).isEqualTo("Pending");
    assertThat(count()).isEqualTo(10);
    gateway.awaitEntry("session.ended", held.ask().session().id());
  }

  @Test
  void aKillEndsTheReviewAndTheSession() throws Exception {
    try (var client = gateway.through()) {
      client.send(query("DELETE FROM t /*hold*/"));
      var held = gateway.approvals().next();
      assertThat(gateway.sessions().kill(held.ask().session().id(), "root", "test")).isTrue();
      assertThat(held.decision().join().getClass().getSimpleName()).isEqualTo("Cancelled");
      assertThat(client.readUntil('E').getLast().fields()).containsEntry('C', "57P01");
      assertThat(client.isClosedWithin(Duration.ofSeconds(5))).isTrue();
      assertThat(count()).isEqualTo(10);
    }
  }

  @Test
  void aKillCancelsWhatRunsOnTheServer() throws Exception {
    try (var client = gateway.through()) {
      client.send(query("SELECT pg_sleep(31)"));
      awaitRunning("pg_sleep(31)");
      var session =
          gateway.sessions().live().stream()
              .filter(s -> s.commands() == 1)
              .findFirst()
              .orElseThrow();
      gateway.sessions().kill(session.id(), "root", "test");
      assertThat(client.readUntil('E').getLast().fields().get('C')).isIn("57P01", "57014");
      awaitNotRunning("pg_sleep(31)");
    }
  }

  private static void cancel(RawPostgres client) {
    try (var other =
        RawPostgres.tls("127.0.0.1", gateway.port(), postgres.certificates().clientContext())) {
      other.send(dev.chaperone.testing.PgMessages.cancel(client.process(), client.secretKey()));
      assertThat(other.isClosedWithin(Duration.ofSeconds(5))).isTrue();
    }
  }

  private static void awaitRunning(String text) throws Exception {
    awaitActivity(text, true);
  }

  private static void awaitNotRunning(String text) throws Exception {
    awaitActivity(text, false);
  }

  private static void awaitActivity(String text, boolean running) throws Exception {
    long deadline = System.nanoTime() + 10_000_000_000L;
    try (var connection = postgres.superuser(database);
        var statement =
            connection.prepareStatement(
                "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND pid <>"
                    + " pg_backend_pid() AND query LIKE ?")) {
      statement.setString(1, "%" + text + "%");
      while (System.nanoTime() < deadline) {
        try (var rows = statement.executeQuery()) {
          rows.next();
          if (rows.getLong(1) > 0 == running) {
            return;
          }
        }
      }
    }
    throw new AssertionError(text + " is " + (running ? "not " : "still ") + "running");
  }
}
