package dev.chaperone.testing;

import static dev.chaperone.testing.PgMessages.bind;
import static dev.chaperone.testing.PgMessages.describePortal;
import static dev.chaperone.testing.PgMessages.execute;
import static dev.chaperone.testing.PgMessages.parse;
import static dev.chaperone.testing.PgMessages.sync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RawPostgresTest {
  private static final TestPostgres SERVER = TestPostgres.shared();

  private static RawPostgres client() {
    return RawPostgres.signedIn(
        SERVER.host(),
        SERVER.port(),
        SERVER.certificates().clientContext(),
        TestPostgres.APP,
        SERVER.createDatabase(),
        TestPostgres.APP_PASSWORD);
  }

  @Test
  void extendedQueryShowsAsATrace() {
    try (var client = client()) {
      client.clearTrace();
      client.send(
          parse("", "SELECT $1::text, $2::int"),
          bind("", "", "a", null),
          describePortal(""),
          execute("", 0),
          sync());
      var frames = client.readUntilReady();
      assertThat(client.trace()).isEqualTo("C: P B D E S\nS: 1 2 T D C Z(I)");
      assertThat(frames.get(2).columns()).containsExactly("text", "int4");
      assertThat(frames.get(3).texts()).containsExactly("a", null);
      assertThat(frames.get(4).tag()).isEqualTo("SELECT 1");
    }
  }

  @Test
  void errorsShowTheirStateAndTheTransaction() {
    try (var client = client()) {
      client.query("BEGIN");
      client.clearTrace();
      client.query("SELECT 1/0");
      assertThat(client.trace()).isEqualTo("C: Q\nS: E(22012) Z(E)");
    }
  }

  @Test
  void cancelEndsAStatement() {
    try (var client = client()) {
      client.send(PgMessages.query("SELECT pg_sleep(60)"));
      Await.until(
          "the statement runs",
          () ->
              SERVER.ledger().stream()
                  .filter(line -> line.processId() == client.process())
                  .anyMatch(line -> line.statement().isPresent()));
      try (var other =
          RawPostgres.tls(SERVER.host(), SERVER.port(), SERVER.certificates().clientContext())) {
        other.send(PgMessages.cancel(client.process(), client.secretKey()));
        assertThat(other.isClosedWithin(Duration.ofSeconds(5))).isTrue();
      }
      assertThat(client.readUntil('E').getLast().sqlState()).isEqualTo("57014");
    }
  }

  @Test
  void directTlsSignsInToo() {
    try (var client =
        RawPostgres.directTls(
            SERVER.host(), SERVER.port(), SERVER.certificates().clientContext())) {
      client.signIn(
          Map.of("user", TestPostgres.APP, "database", "postgres"), TestPostgres.APP_PASSWORD);
      assertThat(client.isEncrypted()).isTrue();
      assertThat(client.query("SELECT 1").get(1).texts()).containsExactly("1");
    }
  }

  @Test
  void silenceEndsAtTheDeadlineAndAWrongPasswordIsNamed() {
    try (var client = client()) {
      assertThat(client.poll(Duration.ofMillis(20))).isNull();
    }
    assertThatThrownBy(() ->
            RawPostgres.signedIn(
                SERVER.host(),
                SERVER.port(),
                SERVER.certificates().clientContext(),
                TestPostgres.APP,
                "postgres",
                "wrong"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("28P01");
  }
}
