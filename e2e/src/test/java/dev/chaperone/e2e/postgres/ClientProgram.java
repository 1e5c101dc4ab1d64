package dev.chaperone.e2e.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client, tried by a program of its own, which says what it got in each of its cases. */
enum ClientProgram {
  PSYCOPG,
  ASYNCPG,
  SQLALCHEMY,
  DJANGO,
  NODE_POSTGRES,
  PGX;

  private static final Duration LONGEST = Duration.ofMinutes(2);
  private static final JsonMapper JSON = new JsonMapper();

  /** What every driver is tried with. */
  private static final Set<String> OF_DRIVERS =
      Set.of(
          "types_text",
          "types_binary",
          "prepared",
          "pipeline",
          "cursor",
          "cancel",
          "transaction_error",
          "notify",
          "copy",
          "large_object",
          "pool",
          "reset");

  /** What policy answers, where it says otherwise than the server. */
  static final Set<String> OF_POLICY =
      Set.of(
          "policy_granted", "policy_refused", "policy_pending", "policy_denied", "policy_masked");

  /** What it must have tried at least. */
  Set<String> cases() {
    return switch (this) {
      case PSYCOPG, ASYNCPG, NODE_POSTGRES, PGX ->
          Stream.concat(OF_DRIVERS.stream(), OF_POLICY.stream())
              .collect(Collectors.toUnmodifiableSet());
      case SQLALCHEMY, DJANGO -> OF_POLICY;
    };
  }

  private List<String> command() throws Exception {
    return switch (this) {
      case PSYCOPG -> ClientTools.python("psycopg_cases.py");
      case ASYNCPG -> ClientTools.python("asyncpg_cases.py");
      case SQLALCHEMY -> ClientTools.python("sqlalchemy_cases.py");
      case DJANGO -> ClientTools.python("django_cases.py");
      case NODE_POSTGRES -> ClientTools.node("node_postgres_cases.mjs");
      case PGX -> ClientTools.go();
    };
  }

  /**
   * Runs all cases, connecting as libpq's environment variables say.
   *
   * @return what it got, by case; where a case failed, {@code failed: …} with why
   */
  Map<String, JsonNode> run(Map<String, String> environment) throws Exception {
    var builder = new ProcessBuilder(command());
    builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
    builder.environment().putAll(environment);
    var finished = Finished.run(builder, LONGEST);
    assertThat(finished.status()).as(this + " ended with:%n" + finished.err()).isZero();
    var got = new LinkedHashMap<String, JsonNode>();
    finished
        .out()
        .lines()
        .forEach(line -> {
          var one = JSON.readTree(line);
          var before = got.put(one.path("case").asString(), one.has("got") ? one.get("got") : one);
          assertThat(before).as("a case twice in %s: %s", this, line).isNull();
        });
    return got;
  }
}
