package dev.chaperone.e2e.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaperone.testing.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * pg_dump and pg_restore through the gateway, where policy lets them. The server is an older one,
 * since pg_dump refuses servers that are newer than itself.
 */
@Timeout(240)
final class PgDumpTest {
  private static final String POLICY =
      """
      rules:
        - name: all-but-code
          when: >-
            command.effects.all(e, e in ["read", "write", "delete", "schema", "session", "lock"])
          then: allow
        - name: pg-dump-reads-foreign-servers
          when: >-
            command.effects.all(e, e in ["read", "session", "secret"])
            && command.relations.all(r, r.startsWith("pg_catalog."))
            && !command.relations.exists(r, r in ["pg_catalog.pg_authid", "pg_catalog.pg_shadow"])
          then: allow
        - name: pg-dump-restricts-itself
          when: >-
            command.text == "SELECT set_config(name, 'view, foreign-table', false) FROM pg_settings
            WHERE name = 'restrict_nonsystem_relation_kind'"
            && command.effects.all(e, e in ["read", "session", "unknown"])
          then: allow
      """;

  private static final String[] SHOP = {
    "SET ROLE app",
    "CREATE TABLE shelf (id int PRIMARY KEY, name text NOT NULL)",
    "CREATE TABLE item (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
        + " shelf int REFERENCES shelf, price numeric(12,4) DEFAULT 1.5 CHECK (price > 0),"
        + " added timestamptz, tags text[], picture bytea)",
    "CREATE INDEX item_price ON item (price)",
    "CREATE VIEW dear AS SELECT id, price FROM item WHERE price > 100",
    "CREATE SEQUENCE numbers START 42",
    "COMMENT ON TABLE item IS 'what is sold'",
    "INSERT INTO shelf SELECT i, E'shelf\\t' || i FROM generate_series(1, 20) i",
    "INSERT INTO item (shelf, price, added, tags, picture)"
        + " SELECT i % 20 + 1, i, 'epoch'::timestamptz + i * interval '1 h', ARRAY['a,b', NULL],"
        + " decode(md5(i::text), 'hex') FROM generate_series(1, 3000) i",
    "RESET ROLE",
  };

  private static TestPostgres postgres;
  private static String database;
  private static Gateway gateway;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    postgres = TestPostgres.start(15, Path.of("target", "servers", "15.jar"));
    database = postgres.createDatabase();
    postgres.run(database, "GRANT CREATE ON SCHEMA public TO app");
    postgres.run(database, SHOP);
    gateway =
        new Gateway(postgres, database, Files.createDirectories(directory.resolve("g")), POLICY);
  }

  @AfterAll
  static void stop() throws Exception {
    try {
      gateway.close();
    } finally {
      postgres.close();
    }
  }

  @Test
  void aDumpIsTheSameAsWithoutTheGateway() throws Exception {
    for (var form : List.of(List.<String>of(), List.of("--inserts"), List.of("--schema-only"))) {
      var direct = dump(ClientsTest.server(postgres, database), form);
      assertThat(direct).contains("CREATE TABLE public.item", "what is sold");
      assertThat(dump(gateway.libpq(gateway.agent("backup")), form)).isEqualTo(direct);
    }
  }

  @Test
  void whatWasRestoredIsWhatWasDumped(@TempDir Path directory) throws Exception {
    var file = directory.resolve("shop.dump").toString();
    var through = gateway.libpq(gateway.agent("backup"));
    var before = dump(through, List.of());
    run(through, "pg_dump", "--format=custom", "--file=" + file);
    // What is in the way is dropped first, as the owner may.
    run(
        through,
        "pg_restore",
        "--clean",
        "--if-exists",
        "--no-owner",
        "--schema=public",
        "--single-transaction",
        "--exit-on-error",
        "--dbname=orders",
        file);
    assertThat(dump(through, List.of())).isEqualTo(before);
  }

  private static String dump(Map<String, String> environment, List<String> form) throws Exception {
    var words = new ArrayList<>(List.of("pg_dump", "--schema=public"));
    words.addAll(form);
    // Newer ones guard their output with a key that is another each time.
    return run(environment, words.toArray(String[]::new))
        .replaceAll("(?m)^\\\\(un)?restrict .*", "");
  }

  private static String run(Map<String, String> environment, String... words) throws Exception {
    var builder = new ProcessBuilder(words);
    builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
    builder.environment().putAll(environment);
    var finished = Finished.run(builder, Gateway.COMMAND);
    assertThat(finished.status()).as(finished.err()).isZero();
    return finished.out();
  }
}
