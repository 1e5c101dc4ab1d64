package dev.chaperone.postgres.session;

import static dev.chaperone.testing.PgMessages.bind;
import static dev.chaperone.testing.PgMessages.closeStatement;
import static dev.chaperone.testing.PgMessages.describePortal;
import static dev.chaperone.testing.PgMessages.describeStatement;
import static dev.chaperone.testing.PgMessages.execute;
import static dev.chaperone.testing.PgMessages.flush;
import static dev.chaperone.testing.PgMessages.parse;
import static dev.chaperone.testing.PgMessages.query;
import static dev.chaperone.testing.PgMessages.sync;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chaperone.testing.PgFrame;
import dev.chaperone.testing.RawPostgres;
import dev.chaperone.testing.TestPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Scripts of SQL, each run on the server itself and through the gateway in every way that the
 * protocol knows, once more beside a mask on a table that they do not reach: what comes back is the
 * same, message for message and byte for byte, but for what {@link Alike} leaves out.
 */
@Timeout(120)
final class DifferentialTest {
  private static final List<String> SCRIPTS =
      List.of("types", "queries", "transactions", "settings", "definitions", "wide");

  /**
   * Users' functions may reach what is masked, and so may a cursor that outlives its transaction.
   */
  private static final List<String> REACHING_ANYTHING = List.of("definitions", "transactions");

  private static final String BESIDE_A_MASK =
      TestGateway.POLICY
          + """
          masks:
            - {name: elsewhere, target: orders, columns: [hidden.person.email], with: redact}
          """;

  private static TestPostgres postgres;
  private static String database;
  private static TestGateway open;
  private static TestGateway masking;

  /** How a statement is sent. */
  enum Way {
    SIMPLE,
    EXTENDED,
    BINARY,
    NAMED,
    IN_PORTIONS,
    PIPELINED
  }

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    postgres = TestPostgres.shared();
    database = postgres.createDatabase();
    postgres.run(
        database,
        "CREATE SCHEMA hidden",
        "CREATE TABLE hidden.person (email text)",
        "GRANT ALL ON SCHEMA hidden TO app",
        "GRANT ALL ON hidden.person TO app",
        "DO $$BEGIN EXECUTE format('GRANT ALL ON DATABASE %I TO app', current_database()); END$$");
    open = new TestGateway(postgres, database, directory.resolve("open"), TestGateway.POLICY);
    masking = new TestGateway(postgres, database, directory.resolve("masking"), BESIDE_A_MASK);
  }

  @AfterAll
  static void stop() {
    open.close();
    masking.close();
  }

  private static void clear() {
    postgres.run(
        database,
        "DROP SCHEMA IF EXISTS app_one CASCADE",
        "DROP SCHEMA public CASCADE",
        "CREATE SCHEMA public",
        "GRANT ALL ON SCHEMA public TO app");
  }

  static Stream<Object[]> cases() {
    return SCRIPTS.stream()
        .flatMap(script -> Stream.of(Way.values()).map(way -> new Object[] {script, way}));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("cases")
  void theGatewayAnswersAsTheServerDoes(String script, Way way) throws Exception {
    var statements = statements(script);
    clear();
    List<String> direct;
    try (var client = open.direct()) {
      direct = played(client, statements, way);
    }
    for (var gateway :
        REACHING_ANYTHING.contains(script) ? List.of(open) : List.of(open, masking)) {
      clear();
      try (var client = gateway.through()) {
        var through = played(client, statements, way);
        var differing = new ArrayList<String>();
        for (int i = 0; i < statements.size(); i++) {
          if (!through.get(i).equals(direct.get(i))) {
            differing.add(
                statements.get(i) + "\ndirect:\n" + direct.get(i) + "through:\n" + through.get(i));
          }
        }
        assertThat(differing).isEmpty();
      }
    }
  }

  private static List<String> statements(String script) throws IOException {
    var resource = DifferentialTest.class.getResourceAsStream("differential/" + script + ".sql");
    try (var in = Objects.requireNonNull(resource, script)) {
      var text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return List.of(text.split("\n--\n"));
    }
  }

  /** What came back to each statement. */
  private static List<String> played(RawPostgres client, List<String> statements, Way way) {
    var alike = new Alike();
    var answers = new ArrayList<String>();
    if (way == Way.PIPELINED) {
      return pipelined(client, statements, alike);
    }
    for (var statement : statements) {
      var frames =
          switch (way) {
            case SIMPLE, PIPELINED -> client.send(query(statement)).readUntilReady();
            case EXTENDED -> extended(client, statement, 0);
            case BINARY -> extended(client, statement, 1);
            case NAMED -> named(client, statement);
            case IN_PORTIONS -> inPortions(client, statement);
          };
      answers.add(alike.shown(frames));
    }
    return answers;
  }

  private static List<PgFrame> extended(RawPostgres client, String statement, int format) {
    return client
        .send(
            parse("", statement),
            bind("", "", new short[0], List.of(), new short[] {(short) format}),
            describePortal(""),
            execute("", 0),
            sync())
        .readUntilReady();
  }

  private static List<PgFrame> named(RawPostgres client, String statement) {
    var frames =
        new ArrayList<>(
            client
                .send(parse("named", statement), describeStatement("named"), sync())
                .readUntilReady());
    frames.addAll(client.send(bind("n", "named"), execute("n", 0), sync()).readUntilReady());
    frames.addAll(client.send(closeStatement("named"), sync()).readUntilReady());
    return frames;
  }

  private static List<PgFrame> inPortions(RawPostgres client, String statement) {
    client.send(parse("", statement), bind("p", ""), describePortal("p"), execute("p", 2), flush());
    var frames = new ArrayList<PgFrame>();
    do {
      frames.add(client.read());
      if (frames.getLast().type() == 's') {
        client.send(execute("p", 3), flush());
      }
    } while ("CIE".indexOf(frames.getLast().type()) < 0);
    frames.addAll(client.send(sync()).readUntilReady());
    return frames;
  }

  /** All that is asked is sent before anything is read. */
  private static List<String> pipelined(RawPostgres client, List<String> statements, Alike alike) {
    var all = new ArrayList<PgFrame>();
    for (var statement : statements) {
      all.addAll(
          List.of(parse("", statement), bind("", ""), describePortal(""), execute("", 0), sync()));
    }
    client.send(all.toArray(new PgFrame[0]));
    return statements.stream().map(_ -> alike.shown(client.readUntilReady())).toList();
  }
}
