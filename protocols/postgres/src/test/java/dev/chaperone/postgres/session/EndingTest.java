package dev.chaperone.postgres.session;

import static dev.chaperone.postgres.session.Shown.error;
import static dev.chaperone.postgres.session.Shown.texts;
import static dev.chaperone.testing.PgMessages.query;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chaperone.core.snapshot.Snapshot.SessionLimits;
import dev.chaperone.testing.Await;
import dev.chaperone.testing.RawPostgres;
import dev.chaperone.testing.TestPostgres;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How many sessions there may be, and how they end when the gateway stops. */
@Timeout(60)
final class EndingTest {
  private static TestPostgres postgres;
  private static String database;

  private TestGateway gateway;

  @BeforeAll
  static void database() {
    postgres = TestPostgres.shared();
    database = postgres.createDatabase();
  }

  @BeforeEach
  void start(@TempDir Path directory) throws Exception {
    gateway = new TestGateway(postgres, database, directory.resolve("journal"), TestGateway.POLICY);
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  private void limits(int perIdentity, int perTarget, Duration drain) {
    var hour = Duration.ofHours(1);
    gateway.limits(new SessionLimits(hour, false, hour, perIdentity, perTarget, drain));
  }

  @Test
  void tooManySessionsAreRefusedAsAServerDoesAndRecorded() throws Exception {
    limits(1, 9, Duration.ZERO);
    try (var first = gateway.through()) {
      assertThatThrownBy(gateway::through)
          .hasMessageContaining("C=53300")
          .hasMessageContaining("this identity has 1 open");
      gateway.awaitEntry("session.refused", "too many sessions");
      assertThat(texts(first.query("SELECT 1"))).containsExactly("1");
    }
    Await.until("there is room again", () -> gateway.sessions().live().isEmpty());
    limits(9, 1, Duration.ZERO);
    try (var _ = gateway.through()) {
      assertThatThrownBy(gateway::through).hasMessageContaining("the target has 1 open");
    }
  }

  private Thread drain() {
    return Thread.ofVirtual()
        .start(() -> {
          try {
            gateway.drain();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private static void assertToldToGo(RawPostgres client) {
    assertThat(client.readUntil('E').getLast().sqlState()).isEqualTo("57P01");
    assertThat(client.isClosedWithin(Duration.ofSeconds(10))).isTrue();
  }

  @Test
  void whoIsIdleGoesAtOnceAndATransactionMayEnd() throws Exception {
    try (var idle = gateway.through();
        var busy = gateway.through()) {
      busy.query("BEGIN");
      busy.query("CREATE TABLE drained (id int)");
      var draining = drain();
      assertToldToGo(idle);
      assertThat(texts(busy.query("INSERT INTO drained VALUES (7) RETURNING id")))
          .containsExactly("7");
      assertThat(draining.isAlive()).isTrue();
      assertThat(error(busy.query("COMMIT"))).isEmpty();
      assertToldToGo(busy);
      assertThat(draining.join(Duration.ofSeconds(10))).isTrue();
    }
    assertThatThrownBy(gateway::connected).isInstanceOf(java.io.UncheckedIOException.class);
    try (var direct = gateway.direct()) {
      assertThat(texts(direct.query("TABLE drained"))).containsExactly("7");
    }
    assertThat(gateway.entries())
        .filteredOn(entry -> entry.contains("session.ended"))
        .hasSize(2)
        .allMatch(entry -> entry.contains("shutdown"));
  }

  @Test
  void aHeldCommandMayBeDecided() throws Exception {
    try (var client = gateway.through()) {
      client.send(query("SELECT 'granted' /*hold*/"));
      assertThat(client.read().type()).isEqualTo('N');
      var draining = drain();
      Await.until("it stops", () -> gateway.sessions().isStopping());
      gateway.approvals().next().grant();
      assertThat(texts(client.readUntilReady())).containsExactly("granted");
      assertToldToGo(client);
      assertThat(draining.join(Duration.ofSeconds(10))).isTrue();
    }
  }

  @Test
  void whoIsNotDoneInTimeIsEnded() throws Exception {
    limits(9, 9, Duration.ofMillis(300));
    try (var client = gateway.through()) {
      client.send(query("SELECT pg_sleep(60)"));
      gateway.awaitEntry("decided", "pg_sleep");
      gateway.drain();
      gateway.sessions().close();
      assertToldToGo(client);
    }
    gateway.awaitEntry("session.ended", "shutdown");
    try (var direct = gateway.direct()) {
      Await.until(
          "the statement is cancelled",
          () ->
              texts(
                      direct.query(
                          "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query"
                              + " LIKE 'SELECT pg_sleep(60%'"))
                  .equals(java.util.List.of("0")));
    }
  }
}
