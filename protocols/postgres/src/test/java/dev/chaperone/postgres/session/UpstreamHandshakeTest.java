package dev.chaperone.postgres.session;

import static dev.chaperone.postgres.session.Shown.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chaperone.core.target.Target;
import dev.chaperone.testing.PgFrame;
import dev.chaperone.testing.TestCertificates;
import dev.chaperone.testing.TestPostgres;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The gateway's own sign-in to a target: what it does not put up with, and how the client learns.
 */
@Timeout(60)
final class UpstreamHandshakeTest {
  private static TestPostgres postgres;
  private static String database;

  @TempDir private Path directory;
  private int gateways;

  @BeforeAll
  static void database() {
    postgres = TestPostgres.shared();
    database = postgres.createDatabase();
  }

  private TestGateway gateway(TestGateway.Setting setting) throws Exception {
    return new TestGateway(
        postgres,
        database,
        directory.resolve("journal-" + gateways++),
        TestGateway.POLICY,
        setting);
  }

  private static TestGateway.Setting setting() throws IOException {
    return setting(Duration.ofSeconds(2));
  }

  private static TestGateway.Setting setting(Duration answers) throws IOException {
    return TestGateway.Setting.of(postgres).within(Duration.ofSeconds(30), answers);
  }

  private void assertRefused(TestGateway.Setting setting, String sqlState, String why)
      throws Exception {
    try (var gateway = gateway(setting)) {
      assertThatThrownBy(gateway::through)
          .hasMessageContaining("V=FATAL")
          .hasMessageContaining("C=" + sqlState)
          .hasMessageContaining(why)
          .hasMessageNotContaining(TestPostgres.APP_PASSWORD)
          .hasMessageNotContaining("not-it");
      gateway.awaitEntry("session.ended", "upstream");
    }
  }

  @Test
  void aTargetThatIsDownIsNamed() throws Exception {
    int port;
    try (var unused = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = unused.getLocalPort();
    }
    assertRefused(setting().at("127.0.0.1", port), "08001", "cannot be reached");
  }

  @Test
  void aWrongPasswordIsTheTargetsRefusal() throws Exception {
    assertRefused(setting().password("not-it"), "28P01", "refused the gateway");
  }

  @Test
  void anotherAuthorityIsNotTrusted() throws Exception {
    var other = TestCertificates.in(Files.createDirectories(directory.resolve("other")));
    assertRefused(
        setting().authority(Files.readString(other.authority())), "08001", "TLS with the target");
  }

  @Test
  void aCertificateForAnotherHostOrOutOfDateIsNotTrusted() throws Exception {
    var certificates = postgres.certificates();
    for (var server :
        new TestCertificates.Server[] {
          certificates.server("elsewhere", "elsewhere.example"),
          certificates.expired("expired", "localhost", "127.0.0.1")
        }) {
      try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        Thread.ofVirtual().start(() -> serveTls(listener, certificates.serverContext(server)));
        assertRefused(
            setting().at("localhost", listener.getLocalPort()), "08001", "TLS with the target");
      }
    }
  }

  private static void serveTls(ServerSocket listener, SSLContext context) {
    try (var socket = listener.accept()) {
      socket.getInputStream().readNBytes(8);
      socket.getOutputStream().write('S');
      try (var tls = (SSLSocket) context.getSocketFactory().createSocket(socket, null, 0, true)) {
        tls.setUseClientMode(false);
        tls.startHandshake();
        tls.getInputStream().read();
      }
    } catch (IOException e) {
      return; // the gateway hung up, as it should
    }
  }

  private static PgFrame authentication(int kind, byte[] rest) {
    return PgFrame.of('R', ByteBuffer.allocate(4 + rest.length).putInt(kind).put(rest).array());
  }

  private static PgFrame authentication(int kind, String rest) {
    return authentication(kind, rest.getBytes(StandardCharsets.UTF_8));
  }

  private static final PgFrame OFFER = authentication(10, "SCRAM-SHA-256\0\0");

  /** The nonce of the SASLInitialResponse that comes. */
  private static String nonce(DataInputStream in) throws IOException {
    in.read();
    var body = new String(in.readNBytes(in.readInt() - 4), StandardCharsets.UTF_8);
    return body.substring(body.indexOf("r=") + 2);
  }

  private void assertScriptRefused(RelayTarget.Script afterStartup, String sqlState, String why)
      throws Exception {
    try (var target = new RelayTarget(postgres, database)) {
      target.script((in, out) -> {
        in.readNBytes(in.readInt() - 4);
        afterStartup.serve(in, out);
        in.readAllBytes();
      });
      assertRefused(
          setting(Duration.ofSeconds(1)).at("127.0.0.1", target.port()).tls(Target.Tls.OFF),
          sqlState,
          why);
    }
  }

  private static RelayTarget.Script says(PgFrame... frames) {
    return (in, out) -> out.write(RelayTarget.joined(frames));
  }

  @Test
  void aTargetWithoutTlsIsRefused() throws Exception {
    try (var target = new RelayTarget(postgres, database)) {
      target.script((in, out) -> {
        in.readNBytes(8);
        out.write('N');
        in.readAllBytes();
      });
      for (var tls : new Target.Tls[] {Target.Tls.VERIFY_FULL}) {
        assertRefused(
            setting().at("127.0.0.1", target.port()).tls(tls), "08001", "does not offer TLS");
      }
    }
  }

  @Test
  void whatIsNotSafeOrNotKnownIsNotAnswered() throws Exception {
    assertScriptRefused(says(authentication(3, "")), "08004", "password in clear");
    assertScriptRefused(
        says(authentication(10, "SCRAM-SHA-256-PLUS\0SCRAM-SHA-256\0\0")), "08004", "no TLS");
    assertScriptRefused(says(authentication(7, "")), "08004", "not supported");
    assertScriptRefused(says(authentication(10, "SCRAM-SHA-1\0\0")), "08004", "SCRAM-SHA-256");
  }

  @Test
  void aServerThatDoesNotProveItselfIsRefused() throws Exception {
    assertScriptRefused(says(OFFER, authentication(0, "")), "08006", "has not proved");
    assertScriptRefused(
        (in, out) -> {
          out.write(OFFER.bytes());
          challenge(in, out, 4096);
          in.read();
          in.readNBytes(in.readInt() - 4);
          var wrong = "v=" + java.util.Base64.getEncoder().encodeToString(new byte[32]);
          out.write(authentication(12, wrong).bytes());
        },
        "08004",
        "does not know its own password");
    assertScriptRefused(says(authentication(12, "v=AAAA")), "08006", "before its beginning");
    assertScriptRefused(says(PgFrame.of('Z', new byte[] {'I'})), "08006", "ready before");
  }

  private static void challenge(DataInputStream in, OutputStream out, long iterations)
      throws IOException {
    var challenge = "r=" + nonce(in) + "more,s=c2FsdHNhbHQ=,i=" + iterations;
    out.write(authentication(11, challenge).bytes());
  }

  @Test
  void absurdWorkIsNotDone() throws Exception {
    for (long iterations : new long[] {2_000_000_000L, 9_999_999_999L, 0}) {
      long began = System.nanoTime();
      assertScriptRefused(
          (in, out) -> {
            out.write(OFFER.bytes());
            challenge(in, out, iterations);
          },
          "08004",
          "SCRAM challenge");
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(20));
    }
  }

  @Test
  void aHandshakeThatDoesNotEndIsRefused() throws Exception {
    assertScriptRefused((in, out) -> {}, "08001", "in time");
    assertScriptRefused(
        (in, out) -> {
          out.write('N');
          for (int i = 0; i < 100; i++) {
            out.write(i == 2 ? 1 : 0); // a notice of 64 KiB, a byte at a time
            pause();
          }
        },
        "08001",
        "in time");
    assertScriptRefused(
        (in, out) -> out.write(ByteBuffer.allocate(5).put((byte) 'R').putInt(1 << 30).array()),
        "08006",
        "too long");
    var notice = PgFrame.of('N', new byte[] {0});
    assertScriptRefused(
        (in, out) -> {
          for (int i = 0; i < 1_001; i++) {
            out.write(notice.bytes());
          }
        },
        "08006",
        "does not end");
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void noSecondProofIsGivenAndNoAnswerIsTakenTwice() throws Exception {
    assertScriptRefused(
        says(authentication(5, "salt"), authentication(5, "tlas")), "08006", "second request");
    assertScriptRefused(
        says(authentication(0, ""), authentication(5, "salt")), "08006", "after its end");
    assertScriptRefused(says(authentication(5, "sal")), "08006", "shorter than it says");
  }

  private static PgFrame numbers(char type, int... numbers) {
    var body = ByteBuffer.allocate(4 * numbers.length);
    for (int number : numbers) {
      body.putInt(number);
    }
    return PgFrame.of(type, body.array());
  }

  @Test
  void aServerSpeaksTheVersionsThatItIsAskedFor() throws Exception {
    for (var version : new int[] {2 << 16, 4 << 16, 3 << 16 | 3}) {
      assertScriptRefused(says(numbers('v', version, 0)), "08006", "not asked for");
    }
    assertScriptRefused(says(numbers('v', 3 << 16, 1)), "08006", "not asked for");
    assertScriptRefused(
        says(authentication(0, ""), numbers('v', 3 << 16, 0)), "08006", "not asked for");
    assertScriptRefused(
        says(numbers('v', 3 << 16, 0), numbers('K', 1, 2, 3)), "08006", "a key of 8 bytes");
    assertScriptRefused(says(PgFrame.of('K', new byte[4 + 257])), "08006", "a key of 257 bytes");
    assertScriptRefused(says(PgFrame.of('K', new byte[4 + 3])), "08006", "a key of 3 bytes");
  }

  @Test
  void aTargetThatStallsAfterItsHandshakeIsGivenUp() throws Exception {
    assertScriptRefused(
        says(authentication(0, ""), PgFrame.of('Z', new byte[] {'I'})), "08006", "could not begin");
  }

  @Test
  void brokenHandshakesAreRefusedWhateverTheyHold() throws Exception {
    long seed = new Random().nextLong();
    var random = new Random(seed);
    try (var target = new RelayTarget(postgres, database);
        var gateway = gateway(setting().at("127.0.0.1", target.port()).tls(Target.Tls.OFF))) {
      for (int i = 0; i < 60; i++) {
        var offer = LyingTargetTest.mutated(OFFER.bytes(), random);
        boolean truly = random.nextBoolean();
        var negotiated = LyingTargetTest.mutated(numbers('v', 3 << 16, 0).bytes(), random);
        var key = LyingTargetTest.mutated(numbers('K', 1, 2).bytes(), random);
        target.script((in, out) -> {
          in.readNBytes(in.readInt() - 4);
          out.write(negotiated);
          out.write(key);
          if (truly) {
            out.write(OFFER.bytes());
            var first = "r=" + nonce(in) + "more,s=c2FsdHNhbHQ=,i=4096";
            out.write(LyingTargetTest.mutated(authentication(11, first).bytes(), random));
          } else {
            out.write(offer);
          }
          out.write(LyingTargetTest.mutated(authentication(12, "v=AAAA").bytes(), random));
        });
        assertThatThrownBy(gateway::through)
            .as("seed %d, %d", seed, i)
            .hasMessageContaining("V=FATAL");
      }
      target.tellTheTruth();
      try (var client = gateway.through(Map.of())) {
        assertThat(texts(client.query("SELECT 1"))).containsExactly("1");
      }
    }
  }
}
