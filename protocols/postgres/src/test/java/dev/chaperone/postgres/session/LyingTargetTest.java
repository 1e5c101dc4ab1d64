package dev.chaperone.postgres.session;

import static dev.chaperone.postgres.session.RelayTarget.joined;
import static dev.chaperone.postgres.session.Shown.error;
import static dev.chaperone.postgres.session.Shown.texts;
import static dev.chaperone.testing.PgMessages.bind;
import static dev.chaperone.testing.PgMessages.execute;
import static dev.chaperone.testing.PgMessages.parse;
import static dev.chaperone.testing.PgMessages.query;
import static dev.chaperone.testing.PgMessages.sync;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chaperone.core.target.Target;
import dev.chaperone.testing.PgFrame;
import dev.chaperone.testing.RawPostgres;
import dev.chaperone.testing.TestPostgres;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A target that breaks the protocol ends that session alone, with a clear error. */
@Timeout(120)
final class LyingTargetTest {
  private static final byte[] NONE = {};
  private static final PgFrame ROW =
      PgFrame.of(
          'D',
          ByteBuffer.allocate(12)
              .putShort((short) 1)
              .putInt(6)
              .put("forged".getBytes(java.nio.charset.StandardCharsets.US_ASCII))
              .array());

  private static RelayTarget target;
  private static TestGateway gateway;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    var postgres = TestPostgres.shared();
    var database = postgres.createDatabase();
    postgres.run(database, "CREATE TABLE t (v text)", "GRANT ALL ON t TO app");
    target = new RelayTarget(postgres, database);
    gateway =
        new TestGateway(
            postgres,
            database,
            directory.resolve("journal"),
            TestGateway.POLICY,
            TestGateway.Setting.of(postgres).at("127.0.0.1", target.port()).tls(Target.Tls.OFF));
  }

  @AfterAll
  static void stop() {
    gateway.close();
    target.close();
  }

  @AfterEach
  void truth() {
    target.tellTheTruth();
  }

  private static PgFrame status(char status) {
    return PgFrame.of('Z', new byte[] {(byte) status});
  }

  private static byte[] header(char type, int length) {
    return ByteBuffer.allocate(5).put((byte) type).putInt(length).array();
  }

  private static RelayTarget.Lie at(char type, byte[] instead) {
    return truth -> truth.type() == type ? instead : truth.bytes();
  }

  private static Stream<Arguments> lies() {
    var copy = new byte[] {0, 0, 0};
    return Stream.of(
        Arguments.of("a row without its description", at('T', NONE)),
        Arguments.of("a row without columns described", at('T', new PgRow(0).bytes())),
        Arguments.of("a row after the end", at('Z', joined(status('I'), ROW))),
        Arguments.of("ready twice", at('Z', joined(status('I'), status('I')))),
        Arguments.of("ready too early", at('1', joined(status('I')))),
        Arguments.of("ready in no state", at('Z', joined(status('?')))),
        Arguments.of("ready with more", at('Z', PgFrame.of('Z', new byte[2]).bytes())),
        Arguments.of("COPY in", at('T', PgFrame.of('G', copy).bytes())),
        Arguments.of("COPY out", at('T', PgFrame.of('H', copy).bytes())),
        Arguments.of("COPY both", at('T', PgFrame.of('W', copy).bytes())),
        Arguments.of("COPY data", at('D', PgFrame.of('d', copy).bytes())),
        Arguments.of("an unknown type", at('D', PgFrame.of('?', copy).bytes())),
        Arguments.of("a negative length", at('D', header('D', -1))),
        Arguments.of("a length of 3", at('D', header('D', 3))),
        Arguments.of("a description of 1 GiB", at('T', header('T', 1 << 30))),
        Arguments.of("an error of 1 GiB", at('T', header('E', 1 << 30))),
        Arguments.of(
            "an error without end", at('T', PgFrame.of('E', new byte[] {'C', 'x'}).bytes())),
        Arguments.of("columns without end", at('T', PgFrame.of('T', new byte[] {9, 9}).bytes())),
        Arguments.of(
            "a setting that is pinned",
            at('Z', joined(setting("client_encoding", "LATIN1"), status('I')))),
        Arguments.of(
            "nothing more", (RelayTarget.Lie) truth -> truth.type() == 'D' ? null : truth.bytes()),
        Arguments.of("no answer at all", (RelayTarget.Lie) _ -> null));
  }

  private static PgFrame setting(String name, String value) {
    return PgFrame.of(
        'S', (name + "\0" + value + "\0").getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  /** A RowDescription of no columns. */
  private record PgRow(int columns) {
    byte[] bytes() {
      return PgFrame.of('T', new byte[] {0, (byte) columns}).bytes();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("lies")
  void aLieEndsItsSessionAlone(String name, RelayTarget.Lie lie) throws Exception {
    for (boolean extended : List.of(false, true)) {
      target.tellTheTruth();
      try (var witness = gateway.through();
          var client = gateway.through()) {
        client.query("SELECT 1");
        target.lie(lie);
        client.send(
            extended
                ? new PgFrame[] {
                  parse("", "SELECT 'real' /* " + name + " */"),
                  bind("", ""),
                  dev.chaperone.testing.PgMessages.describePortal(""),
                  execute("", 0),
                  sync()
                }
                : new PgFrame[] {
                  parse("", ""),
                  sync(),
                  query("SELECT 'real' /* " + name + " */"),
                  query("SELECT 2")
                });
        var seen = toTheEnd(client);
        assertThat(error(seen)).as(name).isIn("08P01", "08006");
        assertThat(texts(seen)).doesNotContain("forged");
        target.tellTheTruth();
        assertThat(texts(witness.query("SELECT 7"))).containsExactly("7");
      }
    }
    assertThat(gateway.entries()).noneMatch(entry -> entry.contains("internal error"));
  }

  /** Everything up to the end of the stream. */
  private static List<PgFrame> toTheEnd(RawPostgres client) {
    var seen = new ArrayList<PgFrame>();
    try {
      while (true) {
        seen.add(client.read(Duration.ofSeconds(10)));
      }
    } catch (RawPostgres.EndOfStream e) {
      return seen;
    }
  }

  @Test
  void rowsAfterAnErrorAreNotForwarded() {
    try (var client = gateway.through()) {
      client.query("SELECT 1");
      target.lie(truth -> truth.type() == 'E' ? joined(truth, ROW) : truth.bytes());
      client.send(
          parse("", "SELECT 1/0"),
          bind("", ""),
          execute("", 0),
          parse("", "SELECT 1"),
          bind("", ""),
          execute("", 0),
          sync());
      var seen = toTheEnd(client);
      assertThat(texts(seen)).isEmpty();
      assertThat(seen.getLast().sqlState()).isEqualTo("08P01");
    }
  }

  @Test
  void aRefusedTextThatIsSaidToHaveSucceededEndsTheSession() {
    try (var client = gateway.through()) {
      client.query("SELECT 1");
      target.lie(truth -> truth.type() == 'E' ? NONE : truth.bytes());
      client.send(query("DELETE FROM t /*deny*/"));
      assertThat(error(toTheEnd(client))).isEqualTo("08P01");
    }
  }

  @Test
  void aTargetThatLeavesWhileItIsAskedByTheGatewayEndsTheSession() throws Exception {
    try (var client = gateway.through()) {
      client.query("SELECT 1");
      var left = new AtomicBoolean();
      target.lie(truth -> {
        if (truth.type() == 'C' && truth.tag().equals("SET")) {
          left.set(true);
        }
        return left.get() && truth.type() == 'D' ? null : truth.bytes();
      });
      client.query("SET search_path = public"); // what follows asks the server for its settings
      client.send(query("SELECT 2"));
      assertThat(error(toTheEnd(client))).isEqualTo("08006");
    }
    long deadline = System.nanoTime() + 10_000_000_000L;
    while (!gateway.sessions().live().isEmpty() && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    assertThat(gateway.sessions().live()).isEmpty();
  }

  @Test
  void randomlyBrokenAnswersEndTheSessionOrAreAnswers() throws Exception {
    long seed = new Random().nextLong();
    var random = new Random(seed);
    int ended = 0;
    for (int i = 0; i < 25; i++) {
      target.tellTheTruth();
      try (var client = gateway.through()) {
        target.lie(
            truth -> random.nextInt(3) == 0 ? mutated(truth.bytes(), random) : truth.bytes());
        client.send(
            query("SELECT 'real', 2"), parse("", "SELECT 1"), bind("", ""), execute("", 0), sync());
        while (client.poll(Duration.ofMillis(300)) != null) {}
      } catch (RawPostgres.EndOfStream | IllegalStateException e) {
        ended++; // or it showed a body that was broken inside
      }
    }
    target.tellTheTruth();
    try (var client = gateway.through()) {
      assertThat(texts(client.query("SELECT 7"))).as("seed %d", seed).containsExactly("7");
    }
    assertThat(ended).as("seed %d: some of the damage ends its session", seed).isPositive();
    assertThat(gateway.entries()).as("seed %d", seed).noneMatch(e -> e.contains("internal error"));
  }

  static byte[] mutated(byte[] bytes, Random random) {
    var mutated = bytes.clone();
    for (int i = random.nextInt(1, 4); i > 0; i--) {
      mutated[random.nextInt(mutated.length)] = (byte) random.nextInt();
    }
    return random.nextInt(4) == 0
        ? Arrays.copyOf(mutated, random.nextInt(mutated.length + 1))
        : mutated;
  }
}
