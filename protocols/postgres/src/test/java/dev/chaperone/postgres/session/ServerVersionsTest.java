package dev.chaperone.postgres.session;

import static dev.chaperone.postgres.session.Shown.error;
import static dev.chaperone.postgres.session.Shown.texts;
import static dev.chaperone.testing.PgMessages.cancel;
import static dev.chaperone.testing.PgMessages.query;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chaperone.testing.RawPostgres;
import dev.chaperone.testing.TestPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real servers of the older major versions, each from its greeting to a masked column. */
@Timeout(120)
final class ServerVersionsTest {
  private static final String POLICY =
      TestGateway.POLICY
          + """
          masks:
            - name: mail
              target: orders
              columns: [public.customers.email]
              with: redact
          """;

  @ParameterizedTest
  @ValueSource(ints = {14, 15, 16, 17})
  void aServerIsUnderstood(int major, @TempDir Path directory) throws Exception {
    try (var postgres = TestPostgres.start(major, Path.of("target/servers/" + major + ".jar"))) {
      var database = postgres.createDatabase();
      try (var app = postgres.app(database);
          var statement = app.createStatement()) {
        statement.execute(
            "CREATE TABLE public.customers (id int primary key, email text);"
                + " INSERT INTO public.customers VALUES (1, 'ada@example.com');"
                + " CREATE VIEW public.mails AS SELECT email AS mail FROM public.customers;"
                + " CREATE FUNCTION public.twice(int) RETURNS int LANGUAGE sql AS 'SELECT $1 * 2'");
      }
      try (var gateway =
          new TestGateway(postgres, database, directory.resolve("journal"), POLICY)) {
        try (var client = gateway.connected()) {
          client.signIn(3 << 16 | 2, Map.of("user", "x", "database", "orders"), "token");
          assertThat(texts(client.query("SHOW server_version")).getFirst()).startsWith(major + ".");
          assertThat(texts(client.query("SELECT id, email FROM customers")))
              .hasSize(2)
              .contains("1")
              .doesNotContain("ada@example.com");
          assertThat(texts(client.query("SELECT * FROM mails"))).doesNotContain("ada@example.com");
          assertHeld(gateway, client);
          assertCancels(gateway, client);
          assertThat(error(client.query("SELECT 1 /*deny*/"))).isEqualTo("42501");
          client.query("SELECT twice(4) FROM customers");
        }
        gateway.awaitEntry("decided", "\"public.customers\"");
        gateway.awaitEntry("decided", "\"public.twice\"");
      }
    }
  }

  private static void assertHeld(TestGateway gateway, RawPostgres client)
      throws InterruptedException {
    client.send(query("SELECT 'granted' /*hold*/"));
    assertThat(client.read().type()).isEqualTo('N');
    gateway.approvals().next().grant();
    assertThat(texts(client.readUntilReady())).containsExactly("granted");
  }

  private static void assertCancels(TestGateway gateway, RawPostgres client) {
    client.send(query("SELECT pg_sleep(30)"));
    try (var other = gateway.connected()) {
      other.send(cancel(client.process(), client.secretKey()));
      assertThat(other.isClosedWithin(Duration.ofSeconds(10))).isTrue();
    }
    assertThat(error(client.readUntilReady())).isEqualTo("57014");
  }
}
