package dev.chaperone.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateExpiredException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestCertificatesTest {
  @TempDir Path directory;

  /** Connects to "localhost" as a client that checks the chain and the name. */
  private static void handshake(SSLContext server, SSLContext client) throws IOException {
    try (var listener = (SSLServerSocket) server.getServerSocketFactory().createServerSocket(0)) {
      var accepting =
          Thread.ofVirtual()
              .start(() -> {
                try (var accepted = (SSLSocket) listener.accept()) {
                  accepted.startHandshake();
                } catch (IOException e) {
                  // The client's view is what counts.
                }
              });
      try (var socket =
          (SSLSocket)
              client.getSocketFactory().createSocket("localhost", listener.getLocalPort())) {
        var parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.setSoTimeout(5_000);
        socket.startHandshake();
      } finally {
        accepting.interrupt();
      }
    }
  }

  @Test
  void validOneIsAccepted() throws IOException {
    var authority = TestCertificates.in(directory);
    var server = authority.server("good", "localhost", "127.0.0.1");
    handshake(authority.serverContext(server), authority.clientContext());
    assertThat(Files.readString(server.chain())).endsWith(Files.readString(authority.authority()));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(server.key())))
        .isEqualTo("rw-------");
  }

  @Test
  void wrongHostOtherAuthorityAndExpiredOnesAreRefused() throws IOException {
    var authority = TestCertificates.in(directory);
    var wrongHost = authority.serverContext(authority.server("wrong", "elsewhere.example"));
    assertThatThrownBy(() -> handshake(wrongHost, authority.clientContext()))
        .isInstanceOf(SSLException.class)
        .hasMessageContaining("localhost");

    var other = TestCertificates.in(Files.createDirectory(directory.resolve("other")));
    var stranger = other.serverContext(other.server("stranger", "localhost"));
    assertThatThrownBy(() -> handshake(stranger, authority.clientContext()))
        .isInstanceOf(SSLException.class);

    var late = authority.expired("late", "localhost");
    assertThatThrownBy(late.certificate()::checkValidity)
        .isInstanceOf(CertificateExpiredException.class);
    assertThatThrownBy(() -> handshake(authority.serverContext(late), authority.clientContext()))
        .isInstanceOf(SSLException.class);
  }
}
