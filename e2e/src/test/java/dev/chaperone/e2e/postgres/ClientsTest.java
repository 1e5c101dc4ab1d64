package dev.chaperone.e2e.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.chaperone.testing.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * Clients in their own languages, unchanged. What each gets through the gateway is what it gets
 * from the server, case by case, except where policy says otherwise.
 */
@Timeout(400)
final class ClientsTest {
  private static TestPostgres postgres;
  private static String direct;
  private static Gateway gateway;
  private static Reviewer reviewer;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    postgres = TestPostgres.shared();
    direct = postgres.createDatabase();
    var through = postgres.createDatabase();
    postgres.run(direct, PolicyForClients.SCHEMA);
    postgres.run(through, PolicyForClients.SCHEMA);
    gateway =
        new Gateway(
            postgres,
            through,
            Files.createDirectories(directory.resolve("g")),
            PolicyForClients.TEXT);
    reviewer = new Reviewer(gateway.api("dora", "dba"));
  }

  @AfterAll
  static void stop() throws Exception {
    try {
      reviewer.close();
    } finally {
      gateway.close();
    }
  }

  @TestFactory
  List<DynamicTest> psycopg() throws Exception {
    return cases(ClientProgram.PSYCOPG);
  }

  @TestFactory
  List<DynamicTest> asyncpg() throws Exception {
    return cases(ClientProgram.ASYNCPG);
  }

  @TestFactory
  List<DynamicTest> sqlAlchemy() throws Exception {
    return cases(ClientProgram.SQLALCHEMY);
  }

  @TestFactory
  List<DynamicTest> django() throws Exception {
    return cases(ClientProgram.DJANGO);
  }

  @TestFactory
  List<DynamicTest> nodePostgres() throws Exception {
    return cases(ClientProgram.NODE_POSTGRES);
  }

  @TestFactory
  List<DynamicTest> pgx() throws Exception {
    return cases(ClientProgram.PGX);
  }

  private static List<DynamicTest> cases(ClientProgram program) throws Exception {
    Map<String, JsonNode> expected;
    try {
      expected = program.run(server(postgres, direct));
    } catch (TestAbortedException e) {
      // A test that is aborted is counted and says why; a factory that is aborted is not.
      return List.of(dynamicTest("is installed", () -> rethrow(e)));
    }
    var got = program.run(gateway.libpq(gateway.agent("client")));
    var names = new TreeSet<>(expected.keySet());
    names.addAll(got.keySet());
    names.addAll(program.cases());
    var tests = new ArrayList<DynamicTest>();
    for (var name : names) {
      tests.add(dynamicTest(name, () -> check(name, of(expected, name), of(got, name))));
    }
    return tests;
  }

  private static void rethrow(TestAbortedException why) {
    throw why;
  }

  private static JsonNode of(Map<String, JsonNode> cases, String name) {
    return cases.getOrDefault(name, MissingNode.getInstance());
  }

  private static void check(String name, JsonNode expected, JsonNode got) {
    assertThat(expected.isMissingNode()).as("%s not tried without the gateway", name).isFalse();
    assertThat(got.isMissingNode()).as("%s not tried through the gateway", name).isFalse();
    assertThat(expected.path("failed").asString("")).as("%s without the gateway", name).isEmpty();
    assertThat(got.path("failed").asString("")).as("%s through the gateway", name).isEmpty();
    switch (name) {
      case "policy_granted" -> {
        assertThat(got.path("ran")).isEqualTo(expected.path("ran"));
        assertThat(got.path("notices").toString()).contains("waiting for a person");
      }
      case "policy_refused" -> {
        assertRefused(expected, got, "refused", "customers-leave-by-a-person");
        assertThat(got.path("message").asString()).contains("as it says");
      }
      case "policy_pending" -> {
        assertRefused(expected, got, "pending", "told-at-once");
        assertThat(got.path("message").asString()).contains("ask a colleague");
      }
      case "policy_denied" -> {
        assertRefused(expected, got, "denied", "never-secrets");
        assertThat(got.path("message").asString()).contains("vault tables are not reachable");
      }
      case "policy_denied_in_pipeline" -> {
        assertThat(expected.path("said").toString()).isEqualTo("[]");
        assertThat(got.path("said").toString()).isEqualTo("[\"42501\"]");
        assertThat(got.path("after")).isEqualTo(expected.path("after"));
      }
      case "policy_denied_copy" -> {
        assertThat(expected.path("said").toString()).isEqualTo("[]");
        assertThat(got.path("said").toString()).isEqualTo("[\"42501\",\"42501\"]");
        assertThat(got.path("after")).isEqualTo(expected.path("after"));
      }
      case "policy_masked" -> {
        assertThat(expected.path("emails").toString()).contains("ada@marker.example");
        assertThat(got.path("emails").toString()).doesNotContain("marker");
        assertThat(got.path("emails").size()).isEqualTo(expected.path("emails").size());
        assertThat(got.path("names")).isEqualTo(expected.path("names"));
      }
      default -> assertThat(got).as(name).isEqualTo(expected);
    }
  }

  private static void assertRefused(JsonNode expected, JsonNode got, String state, String rule) {
    assertThat(expected.has("ran")).as("ran without the gateway").isTrue();
    assertThat(got.path("sqlstate").asString("")).isEqualTo("42501");
    assertThat(got.path("detail").path("state").asString()).isEqualTo(state);
    assertThat(got.path("detail").path("rule").asString("")).isEqualTo(rule);
    assertThat(got.path("after").asInt()).as("the session goes on").isEqualTo(1);
  }

  /** How libpq finds the server itself. */
  static Map<String, String> server(TestPostgres postgres, String database) {
    return Map.of(
        "PGHOST",
        postgres.host(),
        "PGPORT",
        Integer.toString(postgres.port()),
        "PGDATABASE",
        database,
        "PGUSER",
        TestPostgres.APP,
        "PGPASSWORD",
        TestPostgres.APP_PASSWORD,
        "PGSSLMODE",
        "verify-full",
        "PGSSLROOTCERT",
        postgres.certificates().authority().toString());
  }
}
