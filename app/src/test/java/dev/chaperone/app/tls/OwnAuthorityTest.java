package dev.chaperone.app.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chaperone.wire.Trust;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnAuthorityTest {
  private static final List<String> NAMES = List.of("localhost", "127.0.0.1", "::1");
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @TempDir Path directory;

  @Test
  void aClientThatTrustsItVerifiesHostNamesAndAddressesInFull() throws Exception {
    var authority = OwnAuthority.in(directory, Clock.systemUTC());
    var keys = new ServedKeys(authority.issue(NAMES));
    var trust = Trust.authorities(Files.readString(authority.certificateFile()), null);
    for (var protocol : List.of("TLSv1.3", "TLSv1.2")) {
      assertThat(shown(keys, trust, "localhost", protocol)).isEqualTo(keys.current().certificate());
      assertThat(shown(keys, trust, "127.0.0.1", protocol)).isEqualTo(keys.current().certificate());
    }
  }

  @Test
  void aNameThatTheCertificateDoesNotCarryIsRefusedByTheClient() throws Exception {
    var authority = OwnAuthority.in(directory, Clock.systemUTC());
    var keys = new ServedKeys(authority.issue(List.of("elsewhere.example")));
    var trust = Trust.authorities(Files.readString(authority.certificateFile()), null);
    assertThatThrownBy(() -> shown(keys, trust, "localhost", "TLSv1.3"))
        .isInstanceOf(SSLException.class);
  }

  @Test
  void anExchangedCertificateIsShownFromTheNextHandshakeOn() throws Exception {
    var authority = OwnAuthority.in(directory, Clock.systemUTC());
    var keys = new ServedKeys(authority.issue(NAMES));
    var trust = Trust.authorities(Files.readString(authority.certificateFile()), null);
    var first = shown(keys, trust, "localhost", "TLSv1.3");
    keys.exchange(authority.issue(NAMES));
    assertThat(shown(keys, trust, "localhost", "TLSv1.3"))
        .isNotEqualTo(first)
        .isEqualTo(keys.current().certificate());
  }

  @Test
  void theAuthorityStaysTheSameOverRestarts() throws Exception {
    var first = Files.readString(OwnAuthority.in(directory, Clock.systemUTC()).certificateFile());
    var again = Files.readString(OwnAuthority.in(directory, Clock.systemUTC()).certificateFile());
    assertThat(again).isEqualTo(first);
  }

  @Test
  void itsKeyIsReadableByTheOwnerAlone() throws Exception {
    OwnAuthority.in(directory, Clock.systemUTC());
    var mode = Files.getPosixFilePermissions(directory.resolve("ca.key"));
    assertThat(PosixFilePermissions.toString(mode)).isEqualTo("rw-------");
  }

  @Test
  void aKeyThatIsNotTheCertificatesIsRefusedWithoutShowingIt() throws Exception {
    OwnAuthority.in(directory, Clock.systemUTC());
    var other = Files.createDirectory(directory.resolve("other"));
    OwnAuthority.in(other, Clock.systemUTC());
    var key = Files.readString(other.resolve("ca.key"));
    Files.writeString(directory.resolve("ca.key"), key);
    assertThatThrownBy(() -> OwnAuthority.in(directory, Clock.systemUTC()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("ca.key")
        .hasMessageNotContaining(key.lines().toList().get(1));
  }

  @Test
  void aDamagedKeyIsRefusedByItsFilesName() throws Exception {
    OwnAuthority.in(directory, Clock.systemUTC());
    Files.writeString(directory.resolve("ca.key"), "-----BEGIN PRIVATE KEY-----\n????\n");
    assertThatThrownBy(() -> OwnAuthority.in(directory, Clock.systemUTC()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("ca.key");
  }

  @Test
  void aServerCertificateIsDueWhenHalfOfItsLifeIsOver() throws Exception {
    var start = Instant.parse("2026-11-01T00:00:00Z");
    var served = OwnAuthority.in(directory, at(start)).issue(NAMES);
    var half = OwnAuthority.SERVER_LIFETIME.dividedBy(2);
    assertThat(OwnAuthority.in(directory, at(start.plus(half).minusSeconds(60))).isDue(served))
        .isFalse();
    assertThat(OwnAuthority.in(directory, at(start.plus(half).plusSeconds(60))).isDue(served))
        .isTrue();
  }

  @Test
  void anExpiredAuthoritySaysWhatToDo() throws Exception {
    OwnAuthority.in(directory, at(Instant.parse("2010-01-01T00:00:00Z")));
    assertThatThrownBy(() -> OwnAuthority.in(directory, Clock.systemUTC()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("expired")
        .hasMessageContaining("move it");
  }

  private static Clock at(Instant time) {
    return Clock.fixed(time, ZoneOffset.UTC);
  }

  /** The certificate that a client sees that checks the chain and the host's name. */
  private static X509Certificate shown(
      ServedKeys keys, SSLContext trust, String host, String protocol) throws Exception {
    try (var server =
        (SSLServerSocket)
            keys.context()
                .getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var serving = CompletableFuture.runAsync(() -> handshake(server));
      try (var tcp = new Socket()) {
        tcp.connect(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort()),
            (int) PATIENCE.toMillis());
        tcp.setSoTimeout((int) PATIENCE.toMillis());
        try (var client =
            (SSLSocket)
                trust.getSocketFactory().createSocket(tcp, host, server.getLocalPort(), false)) {
          var parameters = client.getSSLParameters();
          parameters.setEndpointIdentificationAlgorithm("HTTPS");
          parameters.setProtocols(new String[] {protocol});
          client.setSSLParameters(parameters);
          client.startHandshake();
          return (X509Certificate) client.getSession().getPeerCertificates()[0];
        }
      } finally {
        serving.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      }
    }
  }

  private static void handshake(SSLServerSocket server) {
    try (var socket = (SSLSocket) server.accept()) {
      socket.startHandshake();
    } catch (IOException e) {
      return; // the client refused; it says why
    }
  }
}
