package dev.chaperone.e2e.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.chaperone.testing.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What psql's own commands ask and show is the same directly and through the gateway. */
@Timeout(240)
final class PsqlCommandsTest {
  private static final List<String> COMMANDS =
      List.of(
          "\\d",
          "\\d+",
          "\\d customers",
          "\\d+ customers",
          "\\d owned_view",
          "\\dt+ public.*",
          "\\di+",
          "\\ds",
          "\\dv+",
          "\\dm",
          "\\dn+",
          "\\df+ public.*",
          "\\da",
          "\\dT+ public.*",
          "\\dD",
          "\\dp",
          "\\ddp",
          "\\du",
          "\\dg",
          "\\drds",
          "\\dx",
          "\\dy",
          "\\dRp",
          "\\dew",
          "\\dF",
          "\\dc pg_catalog.utf8_to_euc_jp",
          "\\dC text",
          "\\dO pg_catalog.C",
          "\\dL",
          "\\dA",
          "\\db",
          "\\dP",
          "\\dX",
          "\\l",
          "\\z customers",
          "\\sf owned_function",
          "\\sv owned_view",
          "\\encoding",
          "SELECT 1 AS one, 'two' AS two \\gx",
          "SELECT 41 + 1 AS answer \\gset\n\\echo :answer",
          "SELECT 'SELECT 7', 'SELECT 8' \\gexec",
          "SELECT * FROM (VALUES ('a', 'x', 1), ('b', 'y', 2)) AS t \\crosstabview",
          "SELECT 1 AS i, 'x' AS t \\gdesc",
          "SELECT 1/0;\n\\errverbose",
          "\\set FETCH_COUNT 7\nSELECT i FROM generate_series(1, 20) i;",
          "BEGIN;\nSELECT 1/0;\nSELECT 1;\nROLLBACK;",
          "\\set ON_ERROR_ROLLBACK on\nBEGIN;\nSELECT 1/0;\nSELECT 1;\nCOMMIT;\n\\set ON_ERROR_ROLLBACK off",
          "SET client_min_messages = debug1;\nRESET client_min_messages;",
          "PREPARE p AS SELECT $1::int + 1;\nEXECUTE p (1);\nDEALLOCATE p;",
          "EXPLAIN (COSTS off) SELECT * FROM kept WHERE id = 1;",
          "SELECT no_such_column FROM kept;",
          "SELECT '\n\n' FROM kept LIMIT 1 THEN;",
          "SET chaperone.intent = 'bulk work';",
          "CREATE TEMPORARY TABLE copied (i int, t text);\nCOPY copied FROM STDIN;\n1\tone\n2\t\\N\n\\.",
          "COPY copied TO STDOUT (FORMAT csv, HEADER);",
          "\\copy (SELECT i FROM generate_series(1, 5) i) TO STDOUT",
          "COPY copied FROM STDIN;\none\n\\.",
          "SELECT * FROM copied;",
          "SELECT 1 \\; SELECT 2 \\; SELECT 3;",
          "VALUES (NULL, '', E'tab\\there', '\u00fc\u2713');");

  private static final String[] OWNED = {
    "SET ROLE app",
    "CREATE VIEW owned_view AS SELECT id FROM kept",
    "CREATE FUNCTION owned_function(i int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT i + 1'",
    "CREATE TYPE owned_mood AS ENUM ('sad', 'glad')",
    "CREATE DOMAIN owned_positive AS int CHECK (VALUE > 0)",
    "CREATE SEQUENCE owned_sequence",
    "CREATE TABLE owned (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
        + " m owned_mood DEFAULT 'sad', kept_id int REFERENCES kept, CHECK (id > 0))",
    "CREATE INDEX ON owned (m, kept_id) WHERE id > 5",
    "COMMENT ON TABLE owned IS 'ours'",
    "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC",
    "RESET ROLE",
  };

  private static TestPostgres postgres;
  private static String database;
  private static Gateway gateway;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    postgres = TestPostgres.shared();
    database = postgres.createDatabase();
    postgres.run(database, PolicyForClients.SCHEMA);
    postgres.run(database, "GRANT REFERENCES ON kept TO app");
    postgres.run(database, OWNED);
    gateway =
        new Gateway(
            postgres,
            database,
            Files.createDirectories(directory.resolve("g")),
            PolicyForClients.TEXT);
  }

  @AfterAll
  static void stop() throws Exception {
    gateway.close();
  }

  @TestFactory
  List<DynamicTest> everyCommandShowsWhatItShowsWithoutTheGateway() throws Exception {
    var expected = outputs(ClientsTest.server(postgres, database));
    var got = outputs(gateway.libpq(gateway.agent("psql")));
    var tests = new ArrayList<DynamicTest>();
    for (var command : COMMANDS) {
      tests.add(
          dynamicTest(
              command,
              () -> assertThat(got.get(command)).as(command).isEqualTo(expected.get(command))));
    }
    return tests;
  }

  @Test
  void whatIsComparedIsNotEmpty() throws Exception {
    assertThat(outputs(ClientsTest.server(postgres, database)).values())
        .filteredOn(output -> output.lines().count() > 1)
        .hasSizeGreaterThan(COMMANDS.size() * 3 / 4);
  }

  /** Runs all in one session; what each has written, errors too. */
  private static Map<String, String> outputs(Map<String, String> environment) throws Exception {
    var script = new StringBuilder();
    for (int i = 0; i < COMMANDS.size(); i++) {
      script.append("\\echo == ").append(i).append('\n').append(COMMANDS.get(i)).append('\n');
    }
    var file = Files.createTempFile("psql", ".sql");
    Files.writeString(file, script);
    var builder =
        new ProcessBuilder("psql", "-X", "-P", "pager=off", "-f", file.toString())
            .redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
    builder.environment().putAll(environment);
    builder.environment().put("LC_ALL", "C.UTF-8");
    var finished = Finished.run(builder, Gateway.COMMAND);
    Files.delete(file);
    var parts = finished.out().split("(?m)^== \\d+\n", -1);
    assertThat(parts).as(finished.out()).hasSize(COMMANDS.size() + 1);
    var outputs = new LinkedHashMap<String, String>();
    for (int i = 0; i < COMMANDS.size(); i++) {
      outputs.put(COMMANDS.get(i), parts[i + 1].replace(file.toString(), "script"));
    }
    return outputs;
  }
}
