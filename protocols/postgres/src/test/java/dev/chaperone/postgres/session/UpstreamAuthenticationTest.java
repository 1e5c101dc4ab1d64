package dev.chaperone.postgres.session;

import static dev.chaperone.postgres.session.Shown.error;
import static dev.chaperone.postgres.session.Shown.texts;
import static dev.chaperone.testing.PgMessages.cancel;
import static dev.chaperone.testing.PgMessages.query;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chaperone.core.target.Secret;
import dev.chaperone.core.target.Target;
import dev.chaperone.testing.Faults;
import dev.chaperone.testing.TestCertificates;
import dev.chaperone.testing.TestPostgres;
import dev.chaperone.wire.ClientKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every way in which a real server has the gateway sign in, and who may stand in between. */
@Timeout(60)
final class UpstreamAuthenticationTest {
  private static final Map<String, String> METHODS =
      Map.of(
          "by_scram", "scram-sha-256",
          "by_md5", "md5",
          "by_clear", "password",
          "by_cert", "cert",
          "by_both", "scram-sha-256 clientcert=verify-full",
          "by_trust", "trust");

  private static TestPostgres postgres;
  private static String database;

  @TempDir private Path directory;
  private int gateways;

  @BeforeAll
  static void methods() {
    postgres = TestPostgres.shared();
    database = postgres.createDatabase();
    postgres.run(
        "postgres", "SET password_encryption = 'md5'; CREATE ROLE by_md5 LOGIN PASSWORD 'pw'");
    METHODS.forEach((role, method) -> {
      if (!role.equals("by_md5")) {
        postgres.run("postgres", "CREATE ROLE " + role + " LOGIN PASSWORD 'pw'");
      }
    });
    postgres.admit(
        METHODS.entrySet().stream()
            .map(one -> "hostssl all %s 127.0.0.1/32 %s".formatted(one.getKey(), one.getValue()))
            .toArray(String[]::new));
  }

  private TestGateway gateway(TestGateway.Setting setting) throws Exception {
    return new TestGateway(
        postgres,
        database,
        directory.resolve("journal-" + gateways++),
        TestGateway.POLICY,
        setting);
  }

  private static TestGateway.Setting setting(@Nullable String certificate, String role)
      throws IOException {
    var password = role.equals("by_cert") ? null : new Secret(() -> "pw");
    var shown =
        certificate == null
            ? null
            : (Target.ClientCertificate) () -> key(postgres.certificates().client(certificate));
    return TestGateway.Setting.of(postgres).as(new Target.Credential(role, password, shown));
  }

  private static ClientKey key(TestCertificates.Server client) {
    return new ClientKey(List.of(client.certificate()), client.privateKey());
  }

  private void assertSignsIn(TestGateway.Setting setting, String role) throws Exception {
    try (var gateway = gateway(setting);
        var client = gateway.through()) {
      assertThat(texts(client.query("SELECT current_user"))).containsExactly(role);
      client.send(query("SELECT pg_sleep(30)"));
      try (var other = gateway.connected()) {
        other.send(cancel(client.process(), client.secretKey()));
        assertThat(error(client.readUntilReady())).isEqualTo("57014");
      }
    }
  }

  private void assertRefused(TestGateway.Setting setting, String sqlState, String why)
      throws Exception {
    try (var gateway = gateway(setting)) {
      assertThatThrownBy(gateway::through)
          .hasMessageContaining("C=" + sqlState)
          .hasMessageContaining(why);
      gateway.awaitEntry("session.ended", "upstream");
    }
  }

  @Test
  void everyMethodSignsIn() throws Exception {
    for (var role : METHODS.keySet()) {
      var certificate = role.equals("by_cert") || role.equals("by_both") ? role : null;
      assertSignsIn(setting(certificate, role), role);
    }
    assertSignsIn(setting(null, "by_scram").tls(Target.Tls.REQUIRE), "by_scram");
    assertSignsIn(setting("by_cert", "by_cert").tls(Target.Tls.REQUIRE), "by_cert");
  }

  @Test
  void whatTheServerWantsAndTheCredentialHasNotIsNamed() throws Exception {
    assertRefused(setting(null, "by_both"), "28000", "valid client certificate");
    assertRefused(setting("by_md5", "by_cert"), "28000", "authentication failed");
    var certificateAlone =
        new Target.Credential(
            "by_scram", null, () -> key(postgres.certificates().client("by_scram")));
    assertRefused(
        setting(null, "by_scram").as(certificateAlone), "08004", "has a certificate alone");
    assertRefused(setting(null, "by_clear").tls(Target.Tls.REQUIRE), "08004", "password in clear");
    var unreadable =
        new Target.Credential(
            "by_cert",
            null,
            () -> {
              throw new IOException("cannot read client.key");
            });
    assertRefused(setting(null, "by_scram").as(unreadable), "08001", "cannot read client.key");
  }

  private void assertNotInTheMiddle(UnaryOperator<byte[]> first, String why) throws Exception {
    var own = postgres.certificates().server("middle", "localhost", "127.0.0.1");
    try (var middle = new TlsInterceptor(postgres, own, first)) {
      assertRefused(setting(null, "by_scram").at("localhost", middle.port()), "28000", why);
    }
  }

  /** Without a binding, whoever has a certificate that is trusted as well could listen. */
  @Test
  void scramIsBoundToTheCertificateThatTheGatewaySees() throws Exception {
    assertNotInTheMiddle(UnaryOperator.identity(), "channel binding check failed");
  }

  @Test
  void aBindingThatIsKeptFromTheGatewayIsMissedByTheServer() throws Exception {
    assertNotInTheMiddle(
        offer ->
            new String(offer, StandardCharsets.ISO_8859_1)
                .replace("SCRAM-SHA-256-PLUS\0", "")
                .getBytes(StandardCharsets.ISO_8859_1),
        "channel binding");
  }

  private static InetAddress[] addresses(String... texts) throws java.net.UnknownHostException {
    var addresses = new InetAddress[texts.length];
    for (int i = 0; i < texts.length; i++) {
      addresses[i] = InetAddress.getByName(texts[i]);
    }
    return addresses;
  }

  @Test
  void everyAddressOfAHostNameIsTried() throws Exception {
    var answers = setting(null, "by_scram").within(Duration.ofSeconds(30), Duration.ofSeconds(9));
    try (var real = Faults.before("127.0.0.1", postgres.port());
        var silent = new ServerSocket(real.port(), 5, InetAddress.getByName("127.0.0.3"));
        var closing = new ServerSocket(real.port(), 5, InetAddress.getByName("127.0.0.4"))) {
      Thread.ofVirtual().start(() -> hangUp(closing));
      var setting = answers.at("localhost", real.port());
      assertThat(silent.isBound()).isTrue();
      assertSignsIn(
          setting.resolving(_ -> addresses("127.0.0.4", "127.0.0.3", "127.0.0.1")), "by_scram");
      real.refuse(true);
      try (var gateway = gateway(setting.resolving(_ -> addresses("127.0.0.4", "127.0.0.1")))) {
        assertThatThrownBy(gateway::through)
            .hasMessageContaining("C=08001")
            .hasMessageContaining("none of the target's addresses answers: 127.0.0.4: ")
            .hasMessageContaining("; 127.0.0.1: ");
        gateway.awaitEntry("session.ended", "none of the target's addresses");
      }
    }
    assertRefused(
        answers.resolving(host -> {
          throw new java.net.UnknownHostException(host);
        }),
        "08001",
        "its host name has no address");
  }

  @Test
  void aServerThatGoesAwayEndsItsSessionsAndServesTheNextWhenItIsBack() throws Exception {
    try (var own = TestPostgres.start();
        var gateway =
            new TestGateway(
                own,
                "postgres",
                directory.resolve("restarted"),
                TestGateway.POLICY,
                TestGateway.Setting.of(own))) {
      try (var client = gateway.through()) {
        own.stop();
        assertThat(client.isClosedWithin(Duration.ofSeconds(20))).isTrue();
      }
      gateway.awaitEntry("session.ended", "upstream");
      assertThatThrownBy(gateway::through).hasMessageContaining("C=08001");
      own.restart();
      try (var client = gateway.through()) {
        assertThat(texts(client.query("SELECT 1"))).containsExactly("1");
      }
    }
  }

  private static void hangUp(ServerSocket listener) {
    try {
      while (true) {
        listener.accept().close();
      }
    } catch (IOException e) {
      return; // the test is over
    }
  }
}
