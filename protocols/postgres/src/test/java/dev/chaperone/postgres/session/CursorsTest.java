package dev.chaperone.postgres.session;

import static dev.chaperone.postgres.session.Shown.error;
import static dev.chaperone.postgres.session.Shown.texts;
import static dev.chaperone.testing.PgMessages.bind;
import static dev.chaperone.testing.PgMessages.describePortal;
import static dev.chaperone.testing.PgMessages.describeStatement;
import static dev.chaperone.testing.PgMessages.execute;
import static dev.chaperone.testing.PgMessages.parse;
import static dev.chaperone.testing.PgMessages.sync;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chaperone.testing.RawPostgres;
import dev.chaperone.testing.TestPostgres;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Cursors of SQL and portals of the protocol share their names, as they do on the server. */
@Timeout(60)
final class CursorsTest {
  private static final String POLICY =
      """
      rules:
        - name: reading
          when: command.effects.all(e, e in ["read", "session"])
          then: allow
      """;

  private static TestPostgres postgres;
  private static TestGateway gateway;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    postgres = TestPostgres.shared();
    var database = postgres.createDatabase();
    postgres.run(
        database,
        "CREATE TABLE t (id int, v text)",
        "INSERT INTO t SELECT i, 'v' || i FROM generate_series(1, 10) i",
        "GRANT ALL ON t TO app");
    gateway = new TestGateway(postgres, database, directory.resolve("journal"), POLICY);
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  private static String described(RawPostgres client) {
    client.query("BEGIN");
    client.query("DECLARE c SCROLL CURSOR FOR SELECT id, v FROM t ORDER BY id");
    client.send(describePortal("c"), sync()).readUntilReady();
    client.query("FETCH 2 FROM c");
    client.send(describePortal("nowhere"), sync()).readUntilReady();
    client.query("ROLLBACK");
    client.send(describePortal("c"), sync()).readUntilReady();
    return client.trace();
  }

  @Test
  void aCursorOfSqlIsDescribedAsAPortal() {
    try (var direct = gateway.direct();
        var client = gateway.through()) {
      assertThat(described(client)).isEqualTo(described(direct));
    }
  }

  @Test
  void aPortalIsMovedAndFetchedByItsName() {
    try (var client = gateway.through()) {
      client.query("BEGIN");
      client
          .send(parse("", "SELECT v FROM t ORDER BY id"), bind("p", ""), execute("p", 1), sync())
          .readUntilReady();
      assertThat(error(client.query("MOVE FORWARD 3 FROM p"))).isEmpty();
      assertThat(texts(client.query("FETCH 1 FROM p"))).containsExactly("v5");
      assertThat(texts(client.send(execute("p", 1), sync()).readUntilReady()))
          .containsExactly("v6");
    }
  }

  @Test
  void aCursorThatNobodyKnowsIsUnknown() {
    try (var client = gateway.through()) {
      client.query("BEGIN");
      assertThat(error(client.query("FETCH 1 FROM elsewhere"))).isEqualTo("42501");
    }
  }

  @Test
  void aBoundValueIsShownByTheTypeThatTheServerToldTheClient() throws Exception {
    try (var client = gateway.through()) {
      client
          .send(
              parse("s", "SELECT v FROM t WHERE id = $1 /* told */"),
              describeStatement("s"),
              sync())
          .readUntilReady();
      var seven = bind("", "s", new short[] {1}, List.of(new byte[] {0, 0, 0, 7}), new short[] {0});
      assertThat(texts(client.send(seven, execute("", 0), sync()).readUntilReady()))
          .containsExactly("v7");
    }
    assertThat(gateway.awaitEntry("decided", "/* told */"))
        .contains("{\"type\":\"int4\",\"value\":\"7\"}");
  }
}
