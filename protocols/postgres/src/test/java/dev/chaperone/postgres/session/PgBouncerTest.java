package dev.chaperone.postgres.session;

import static dev.chaperone.postgres.session.Shown.error;
import static dev.chaperone.postgres.session.Shown.texts;
import static dev.chaperone.testing.PgMessages.cancel;
import static dev.chaperone.testing.PgMessages.query;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chaperone.testing.TestPgBouncer;
import dev.chaperone.testing.TestPostgres;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A PgBouncer in session mode as the target: it hangs up on start-up parameters of its dislike. */
@Timeout(60)
final class PgBouncerTest {
  private static TestPostgres postgres;
  private static TestPgBouncer bouncer;

  private TestGateway gateway;
  private String database;

  @BeforeAll
  static void bouncer() {
    postgres = TestPostgres.shared();
    bouncer = TestPgBouncer.before(postgres);
  }

  @AfterAll
  static void end() {
    bouncer.close();
  }

  @BeforeEach
  void start(@TempDir Path directory) throws Exception {
    database = postgres.createDatabase();
    gateway =
        new TestGateway(
            postgres,
            database,
            directory.resolve("journal"),
            TestGateway.POLICY,
            TestGateway.Setting.of(postgres).at("localhost", bouncer.port()));
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  @Test
  void sessionsGoThroughWithTheirSettings() {
    var settings =
        Map.of(
            "options",
            "-c search_path=a,b -c statement_timeout=5s -c chaperone.intent=it's",
            "TimeZone",
            "Asia/Tokyo");
    for (int i = 0; i < 2; i++) {
      try (var client = gateway.through(settings)) {
        assertThat(texts(client.query("SELECT current_database()"))).containsExactly(database);
        assertThat(texts(client.query("SHOW search_path"))).containsExactly("a,b");
        assertThat(texts(client.query("SHOW statement_timeout"))).containsExactly("5s");
        assertThat(texts(client.query("SHOW TimeZone"))).containsExactly("Asia/Tokyo");
        assertThat(texts(client.query("SHOW backslash_quote"))).containsExactly("safe_encoding");
      }
    }
  }

  @Test
  void commandsAreHeldAndCancelled() throws Exception {
    try (var client = gateway.through()) {
      client.send(query("SELECT 'granted' /*hold*/"));
      assertThat(client.read().type()).isEqualTo('N');
      gateway.approvals().next().grant();
      assertThat(texts(client.readUntilReady())).containsExactly("granted");
      client.send(query("SELECT pg_sleep(30)"));
      try (var other = gateway.connected()) {
        other.send(cancel(client.process(), client.secretKey()));
        assertThat(error(client.readUntilReady())).isEqualTo("57014");
      }
    }
  }

  /** A setting that only RESET would bring back must not be one that texts are read under. */
  @Test
  void aDefaultThatChangesHowTextsAreReadIsRefused() throws Exception {
    postgres.run("postgres", "ALTER DATABASE " + database + " SET backslash_quote = on");
    assertThatThrownBy(() -> gateway.through().close())
        .hasMessageContaining("0A000")
        .hasMessageContaining("backslash_quote");
    gateway.awaitEntry("session.ended", "backslash_quote");
  }
}
