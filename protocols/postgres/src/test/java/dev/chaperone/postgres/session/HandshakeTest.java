package dev.chaperone.postgres.session;

import static dev.chaperone.postgres.session.Shown.texts;
import static dev.chaperone.postgres.session.Shown.types;
import static dev.chaperone.testing.PgMessages.cancel;
import static dev.chaperone.testing.PgMessages.password;
import static dev.chaperone.testing.PgMessages.query;
import static dev.chaperone.testing.PgMessages.startup;
import static dev.chaperone.testing.PgMessages.tlsRequest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chaperone.testing.PgFrame;
import dev.chaperone.testing.PgMessages;
import dev.chaperone.testing.RawPostgres;
import dev.chaperone.testing.TestPostgres;
import java.io.ByteArrayOutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What comes before a session, from the client's side. A gateway a test: failures are counted. */
@Timeout(60)
final class HandshakeTest {
  private static final Map<String, String> ORDERS = Map.of("user", "anyone", "database", "orders");
  private static final Duration HANDSHAKE = Duration.ofSeconds(3);

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
    gateway =
        new TestGateway(
            postgres,
            database,
            directory.resolve("journal"),
            TestGateway.POLICY,
            TestGateway.Setting.of(postgres).within(HANDSHAKE, Duration.ofSeconds(10)));
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  private static void assertRefused(RawPostgres client, String sqlState) {
    assertThat(client.readUntil('E').getLast().sqlState()).isEqualTo(sqlState);
    assertThat(client.isClosedWithin(Duration.ofSeconds(10))).isTrue();
  }

  private RawPostgres plain() {
    return RawPostgres.plain("127.0.0.1", gateway.port());
  }

  @Test
  void plainTextIsRefusedAndRecorded() throws Exception {
    try (var client = plain()) {
      client.send(startup(ORDERS));
      assertRefused(client, "28000");
    }
    gateway.awaitEntry("signin.failed", "TLS is required");
    assertThat(gateway.sessions().live()).isEmpty();
  }

  @Test
  void tlsIsAskedForOnce() throws Exception {
    try (var client = gateway.connected()) {
      client.send(tlsRequest());
      assertRefused(client, "08P01");
    }
    gateway.awaitEntry("signin.failed", "TLS");
  }

  @Test
  void plainTextAheadOfTheTlsHandshakeIsNotTakenForProtected() throws Exception {
    try (var socket = new Socket("127.0.0.1", gateway.port())) {
      socket.setSoTimeout(10_000);
      var injected = new ByteArrayOutputStream();
      injected.writeBytes(tlsRequest().bytes());
      injected.writeBytes(startup(ORDERS).bytes());
      injected.writeBytes(password("token").bytes());
      socket.getOutputStream().write(injected.toByteArray());
      assertThat(socket.getInputStream().read()).isEqualTo('S');
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
    assertThat(gateway.sessions().live()).isEmpty();
  }

  @Test
  void aStartUpMessageThatIsBrokenIsRefused() {
    var twice = "user\0x\0database\0orders\0user\0y\0\0".getBytes(StandardCharsets.UTF_8);
    for (var body :
        new byte[][] {
          twice, "user".getBytes(StandardCharsets.UTF_8), {0, 0}, {(byte) 0xff, 0, 0}
        }) {
      try (var client = gateway.connected()) {
        client.sendRaw(
            ByteBuffer.allocate(8 + body.length)
                .putInt(8 + body.length)
                .putInt(3 << 16)
                .put(body)
                .array());
        assertRefused(client, "08P01");
      }
    }
    for (int length : new int[] {-1, 0, 7, 10_001, 1 << 30}) {
      try (var client = gateway.connected()) {
        client.sendRaw(ByteBuffer.allocate(8).putInt(length).putInt(3 << 16).array());
        assertRefused(client, "08P01");
      }
    }
  }

  private String refusal(Map<String, String> parameters) {
    try (var client = gateway.connected()) {
      var all = new java.util.LinkedHashMap<>(ORDERS);
      all.putAll(parameters);
      client.send(startup(all));
      client.readUntil('R');
      client.send(password("token"));
      var error = client.readUntil('E').getLast().fields();
      assertThat(client.isClosedWithin(Duration.ofSeconds(10))).isTrue();
      return error.get('C') + " " + error.get('M');
    }
  }

  @Test
  void targetsDatabasesAndReplicationAreRefusedByName() {
    assertThat(refusal(Map.of("database", "nothing"))).startsWith("3D000").contains("\"nothing\"");
    assertThat(refusal(Map.of("database", "orders/other"))).startsWith("3D000").contains("other");
    assertThat(refusal(Map.of("replication", "database"))).startsWith("0A000");
    assertThat(refusal(Map.of("replication", "ON"))).startsWith("0A000");
    try (var client =
        gateway.through(Map.of("database", "orders/" + database, "replication", "off"))) {
      assertThat(texts(client.query("SELECT current_database()"))).containsExactly(database);
    }
  }

  @Test
  void settingsThatChangeHowTextsAreReadAreRefusedAtTheStart() {
    assertThat(refusal(Map.of("client_encoding", "LATIN1"))).startsWith("0A000");
    assertThat(refusal(Map.of("options", "-c standard_conforming_strings=off")))
        .startsWith("0A000");
    assertThat(refusal(Map.of("options", "--standard-conforming-strings=off"))).startsWith("0A000");
    assertThat(refusal(Map.of("options", "-cstandard_conforming_strings=of\\f")))
        .startsWith("0A000");
    assertThat(refusal(Map.of("options", "-c backslash_quote=on"))).startsWith("0A000");
    assertThat(refusal(Map.of("options", "-c role=postgres"))).startsWith("0A000");
    assertThat(refusal(Map.of("session_authorization", "postgres"))).startsWith("0A000");
    assertThat(refusal(Map.of("options", "-W 5"))).startsWith("0A000");
    assertThat(refusal(Map.of("options", "-c"))).startsWith("0A000");
    assertThat(refusal(Map.of("a b", "c"))).startsWith("0A000");
  }

  @Test
  void optionsAreReadLikeByTheServer() {
    try (var client =
        gateway.through(
            Map.of(
                "options",
                "  -c search_path=a,\\ b --statement-timeout=5s -c TimeZone=Asia/Tokyo ",
                "TimeZone",
                "UTC"))) {
      assertThat(texts(client.query("SHOW search_path"))).containsExactly("a, b");
      assertThat(texts(client.query("SHOW statement_timeout"))).containsExactly("5s");
      // A parameter of its own counts over the options.
      assertThat(texts(client.query("SHOW TimeZone"))).containsExactly("UTC");
    }
  }

  @Test
  void thePasswordMessageIsBounded() throws Exception {
    for (var instead :
        new PgFrame[] {
          query("SELECT 1"), PgFrame.of('p', new byte[70_000]), PgFrame.of('p', new byte[] {'t'})
        }) {
      try (var client = gateway.connected()) {
        client.send(startup(ORDERS));
        client.readUntil('R');
        client.send(instead);
        assertRefused(client, "08P01");
      }
    }
    try (var client = gateway.connected()) {
      client.send(startup(ORDERS));
      client.readUntil('R');
      client.sendRaw(new byte[] {'p', 0x40, 0, 0, 0, 'x'});
      assertRefused(client, "08P01");
    }
  }

  @Test
  void aSilentOrDrippingClientIsClosedAtTheDeadline() throws Exception {
    long began = System.nanoTime();
    try (var silent = plain();
        var late = gateway.connected();
        var dripping = new Socket("127.0.0.1", gateway.port())) {
      late.send(startup(ORDERS));
      late.readUntil('R');
      var bytes = tlsRequest().bytes();
      var drip = Thread.ofVirtual().start(() -> drip(dripping, bytes));
      assertThat(silent.isClosedWithin(Duration.ofSeconds(10))).isTrue();
      assertThat(late.isClosedWithin(Duration.ofSeconds(10))).isTrue();
      dripping.setSoTimeout(10_000);
      assertThatThrownBy(() -> readToTheEnd(dripping)).isInstanceOf(java.io.IOException.class);
      drip.join(Duration.ofSeconds(10));
    }
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(HANDSHAKE.dividedBy(2));
  }

  private static void drip(Socket socket, byte[] bytes) {
    try {
      for (int i = 0; i < bytes.length - 1; i++) {
        socket.getOutputStream().write(bytes[i]);
        Thread.sleep(HANDSHAKE.dividedBy(5));
      }
    } catch (java.io.IOException | InterruptedException e) {
      return; // it was closed, as it should be
    }
  }

  private static void readToTheEnd(Socket socket) throws java.io.IOException {
    if (socket.getInputStream().read() < 0) {
      throw new java.io.EOFException();
    }
  }

  @Test
  void failedSignInsAreRecordedDelayedAndBounded() throws Exception {
    long began = System.nanoTime();
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> gateway.connected().signIn(ORDERS, "wrong"))
          .hasMessageContaining("28P01");
    }
    assertThat(Duration.ofNanos(System.nanoTime() - began))
        .isGreaterThanOrEqualTo(Duration.ofMillis(100 + 200 + 400));
    gateway.awaitEntry("signin.failed", "the token is not");
    assertThat(gateway.entries()).noneMatch(entry -> entry.contains("wrong"));
  }

  @Test
  void aCancelWithAWrongKeyDoesNothing() {
    try (var client = gateway.through()) {
      client.send(query("SELECT pg_sleep(1), 'slept'"));
      var key = client.secretKey();
      key[3] ^= 1;
      try (var other = gateway.connected()) {
        other.send(cancel(client.process(), key));
        assertThat(other.isClosedWithin(Duration.ofSeconds(5))).isTrue();
      }
      try (var other = gateway.connected()) {
        other.send(PgMessages.cancel(client.process(), new byte[0]));
        assertThat(other.isClosedWithin(Duration.ofSeconds(5))).isTrue();
      }
      assertThat(types(client.readUntilReady())).isEqualTo("TDCZ");
    }
  }

  @Test
  void theUserNamesALoginOfTheTarget() throws Exception {
    try (var client = gateway.through(Map.of("user", "reporting"))) {
      client.query("SELECT 1");
      gateway.awaitEntry("session.opened", "\"login\":\"reporting\"");
    }
  }

  @Test
  void applicationNameOnTheServerNamesTheSessionWhateverTheClientSets() throws Exception {
    try (var client = gateway.through(Map.of("application_name", "mine"))) {
      var id = gateway.sessions().live().iterator().next().id();
      for (var change :
          new String[] {
            "SELECT 1",
            "SET application_name = 'other'",
            "SELECT set_config('application_name', 'other', false)",
            "DO $$BEGIN PERFORM set_config('application_name', 'other', false); END$$",
            "RESET application_name",
            "SET application_name = 'again'",
            "DISCARD ALL",
            "BEGIN; SET application_name = 'kept'; COMMIT",
            "RESET ALL"
          }) {
        var answer = client.query(change);
        assertThat(answer.getLast().type()).isEqualTo('Z');
        for (var frame : answer) {
          if (frame.type() == 'S' && frame.parameter().getKey().equals("application_name")) {
            assertThat(frame.parameter().getValue()).as(change).doesNotContain("chaperone");
          }
        }
        awaitName(id, change);
      }
    }
  }

  private static void awaitName(String session, String after) throws Exception {
    long deadline = System.nanoTime() + 10_000_000_000L;
    String name = null;
    try (var connection = postgres.superuser(database);
        var statement =
            connection.prepareStatement(
                "SELECT application_name FROM pg_stat_activity WHERE usename = 'app' AND datname ="
                    + " current_database()")) {
      while (System.nanoTime() < deadline) {
        try (var rows = statement.executeQuery()) {
          name = rows.next() ? rows.getString(1) : null;
          if (name != null && name.startsWith("chaperone:" + session)) {
            return;
          }
        }
      }
    }
    throw new AssertionError("after " + after + " the server has " + name);
  }
}
