package dev.chaperone.postgres.session;

import static dev.chaperone.postgres.session.Shown.error;
import static dev.chaperone.postgres.session.Shown.texts;
import static dev.chaperone.testing.PgMessages.cancel;
import static dev.chaperone.testing.PgMessages.gssRequest;
import static dev.chaperone.testing.PgMessages.query;
import static dev.chaperone.testing.PgMessages.startup;
import static dev.chaperone.testing.PgMessages.tlsRequest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chaperone.testing.PgFrame;
import dev.chaperone.testing.RawPostgres;
import dev.chaperone.testing.TestPostgres;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How clients may begin: ways to TLS, protocol versions, and keys to cancel with. */
@Timeout(60)
final class FrontDoorTest {
  private static final Map<String, String> ORDERS = Map.of("user", "anyone", "database", "orders");
  private static final Duration SOON = Duration.ofSeconds(10);

  private static TestPostgres postgres;
  private static String database;

  private TestGateway gateway;

  @BeforeAll
  static void database() {
    postgres = TestPostgres.shared();
    database = postgres.createDatabase();
  }

  @BeforeEach
  void start(@TempDir Path directory) throws Exception {
    gateway = new TestGateway(postgres, database, directory.resolve("journal"), TestGateway.POLICY);
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  private RawPostgres direct(String... applicationProtocols) {
    return RawPostgres.directTls(
        "127.0.0.1", gateway.port(), postgres.certificates().clientContext(), applicationProtocols);
  }

  @Test
  void tlsFromTheFirstByteNeedsItsApplicationProtocol() throws Exception {
    try (var client = direct("postgresql")) {
      client.signIn(ORDERS, "token");
      assertThat(texts(client.query("SELECT 1"))).containsExactly("1");
    }
    try (var client = direct()) {
      assertThat(client.read().sqlState()).isEqualTo("08P01");
      assertThat(client.isClosedWithin(SOON)).isTrue();
    }
    gateway.awaitEntry("signin.failed", "ALPN");
    assertThatThrownBy(() -> direct("http/1.1")).hasMessageContaining("no_application_protocol");
    try (var client = direct("postgresql")) {
      client.send(tlsRequest());
      assertThat(client.read().sqlState()).isEqualTo("08P01");
    }
  }

  private static byte[] joined(PgFrame... frames) {
    return RelayTarget.joined(frames);
  }

  /** What a client is answered that speaks without TLS: bytes up to the end. */
  private String answered(byte[] first) throws IOException {
    try (var socket = new Socket("127.0.0.1", gateway.port())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(first);
      socket.shutdownOutput();
      var answer = new StringBuilder();
      for (int one = socket.getInputStream().read();
          one >= 0;
          one = socket.getInputStream().read()) {
        answer.append((char) one);
      }
      return answer.toString();
    }
  }

  @Test
  void gssEncryptionIsDeclinedOnceAndWhatFollowsGoesOn() throws Exception {
    assertThat(answered(gssRequest().bytes())).isEqualTo("N");
    try (var socket = new Socket("127.0.0.1", gateway.port())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(gssRequest().bytes());
      assertThat(socket.getInputStream().read()).isEqualTo('N');
      socket.getOutputStream().write(tlsRequest().bytes());
      assertThat(socket.getInputStream().read()).isEqualTo('S');
    }
    try (var socket = new Socket("127.0.0.1", gateway.port())) {
      socket.setSoTimeout(10_000);
      for (char expected : new char[] {'N', 'E'}) {
        socket.getOutputStream().write(gssRequest().bytes());
        assertThat(socket.getInputStream().read()).isEqualTo(expected);
      }
    }
    assertThat(answered(joined(gssRequest(), startup(ORDERS)))).startsWith("E").contains("08P01");
    try (var client = gateway.connected()) {
      client.send(gssRequest());
      assertThat(client.read().sqlState()).isEqualTo("08P01");
    }
  }

  /** What stands before the first request for authentication, as a client sees it. */
  private static List<String> negotiation(
      RawPostgres client, int version, Map<String, String> all) {
    client.send(startup(version, all));
    var seen = new ArrayList<String>();
    for (var frame = client.read(); frame.type() != 'R'; frame = client.read()) {
      seen.add(
          frame.type() == 'E'
              ? "E " + frame.sqlState()
              : frame.type() + " " + java.util.HexFormat.of().formatHex(frame.body()));
      if (frame.type() == 'E') {
        return seen;
      }
    }
    return seen;
  }

  @Test
  void versionsAreNegotiatedAsByAServer() {
    var context = postgres.certificates().clientContext();
    for (int version :
        new int[] {3 << 16, 3 << 16 | 1, 3 << 16 | 2, 3 << 16 | 3, 3 << 16 | 9999, 4 << 16}) {
      for (var extensions :
          List.of(Map.<String, String>of(), Map.of("_pq_.thing", "1", "_pq_.", "2"))) {
        var server = new LinkedHashMap<>(Map.of("user", TestPostgres.APP, "database", database));
        server.putAll(new java.util.TreeMap<>(extensions));
        var ours = new LinkedHashMap<>(ORDERS);
        ours.putAll(new java.util.TreeMap<>(extensions));
        try (var client = gateway.connected();
            var direct = RawPostgres.tls(postgres.host(), postgres.port(), context)) {
          assertThat(negotiation(client, version, ours))
              .as("version %x %s", version, extensions)
              .isEqualTo(negotiation(direct, version, server));
        }
      }
    }
  }

  @Test
  void anIntentIsStatedAtTheStart() throws Exception {
    try (var client = gateway.through(Map.of("options", "-c chaperone.intent=TICKET-7"))) {
      gateway.awaitEntry("session.opened", "TICKET-7");
      assertThat(texts(client.query("SHOW chaperone.intent"))).containsExactly("TICKET-7");
    }
  }

  @Test
  void anotherMajorVersionIsRefused() throws Exception {
    try (var client = gateway.connected()) {
      client.send(startup(2 << 16, ORDERS));
      assertThat(client.read().sqlState()).isEqualTo("0A000");
      assertThat(client.isClosedWithin(SOON)).isTrue();
    }
    gateway.awaitEntry("signin.failed", "unsupported frontend protocol 2.0");
  }

  @Test
  void cancelKeysAreAsLongAsTheVersionHasThem() {
    var context = postgres.certificates().clientContext();
    for (int version : new int[] {3 << 16, 3 << 16 | 1, 3 << 16 | 2, 3 << 16 | 9999}) {
      try (var client = gateway.connected();
          var direct = RawPostgres.tls(postgres.host(), postgres.port(), context)) {
        client.signIn(version, ORDERS, "token");
        direct.signIn(
            version,
            Map.of("user", TestPostgres.APP, "database", database),
            TestPostgres.APP_PASSWORD);
        assertThat(client.secretKey()).as("%x", version).hasSameSizeAs(direct.secretKey());
        client.send(query("SELECT pg_sleep(30)"));
        try (var other = gateway.connected()) {
          other.send(cancel(client.process(), client.secretKey()));
          assertThatThrownBy(other::read)
              .as("ended as TLS is, which libpq looks at")
              .isInstanceOf(RawPostgres.EndOfStream.class)
              .hasCauseExactlyInstanceOf(java.io.EOFException.class)
              .hasStackTraceContaining("readUnsignedByte");
        }
        assertThat(error(client.readUntilReady())).isEqualTo("57014");
      }
    }
  }

  @Test
  void keysThatNobodyHasCancelNothing() {
    try (var client = gateway.connected()) {
      client.signIn(3 << 16 | 2, ORDERS, "token");
      client.send(query("SELECT pg_sleep(1), 'slept'"));
      var key = client.secretKey();
      var longer = java.util.Arrays.copyOf(key, key.length + 1);
      var shorter = java.util.Arrays.copyOf(key, key.length - 1);
      var start = java.util.Arrays.copyOf(key, 4);
      var wrong = key.clone();
      wrong[key.length - 1] ^= 1;
      for (var other : new byte[][] {longer, shorter, start, wrong, new byte[256]}) {
        try (var canceller = gateway.connected()) {
          canceller.send(cancel(client.process(), other));
          assertThat(canceller.isClosedWithin(SOON)).isTrue();
        }
      }
      for (var other : new byte[][] {{}, new byte[257]}) {
        try (var canceller = gateway.connected()) {
          canceller.send(cancel(client.process(), other));
          assertThat(canceller.read().sqlState()).isEqualTo("08P01");
        }
      }
      assertThat(texts(client.readUntilReady())).containsExactly("", "slept");
    }
  }
}
