package dev.chaperone.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chaperone.testing.Await;
import dev.chaperone.testing.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TlsTest {
  private final Path directory;
  private final TestCertificates authority;

  TlsTest(@TempDir Path directory) {
    this.directory = directory;
    this.authority = TestCertificates.in(directory);
  }

  @Test
  void aCertificateOfTheAuthorityForTheHostIsAccepted() throws Exception {
    var told = upstream(authority.server("good", "localhost"), verifying("localhost"));
    assertThat(told).isEqualTo("TLSv1.3");
  }

  @Test
  void aCertificateForAnotherHostIsRefused() {
    assertThatThrownBy(
            () -> upstream(authority.server("other", "elsewhere.test"), verifying("localhost")))
        .isInstanceOf(SSLHandshakeException.class);
  }

  @Test
  void aCertificateOfAnotherAuthorityIsRefused() throws Exception {
    var others = TestCertificates.in(Files.createDirectory(directory.resolve("others")));
    assertThatThrownBy(
            () -> upstream(others, others.server("good", "localhost"), verifying("localhost")))
        .isInstanceOf(SSLHandshakeException.class);
  }

  @Test
  void aCertificateThatExpiredIsRefused() {
    assertThatThrownBy(
            () -> upstream(authority.expired("old", "localhost"), verifying("localhost")))
        .isInstanceOf(SSLHandshakeException.class);
  }

  @Test
  void anyCertificateIsAcceptedWhereOnlyEncryptionIsAskedFor() throws Exception {
    var unchecked = new ClientTls(Trust.anyCertificate(null), "localhost", 1, false, List.of());
    assertThat(upstream(authority.expired("old", "elsewhere.test"), unchecked)).startsWith("TLS");
  }

  @Test
  void anAuthorityFileWithoutACertificateIsRefused() {
    assertThatThrownBy(() -> Trust.authorities("# nothing", null))
        .isInstanceOf(GeneralSecurityException.class)
        .hasMessageContaining("certificate");
  }

  @Test
  void plainTextAheadOfTheHandshakeIsRefused() throws Exception {
    var tls = new ServerTls(authority.serverContext(authority.server("good", "localhost")));
    try (var pair = Pair.open()) {
      pair.send("xAhead".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      assertThat(pair.ours().input().read()).isEqualTo('x');
      Await.until("read ahead", () -> pair.ours().input().buffered() == 5);
      assertThatThrownBy(() -> pair.ours().acceptTls(tls))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("ahead of the TLS handshake");
    }
  }

  @Test
  void bytesUnderTlsReachTheReaderInBothDirections() throws Exception {
    var tls = new ServerTls(authority.serverContext(authority.server("good", "localhost")));
    try (var pair = Pair.open()) {
      var accepted = CompletableFuture.supplyAsync(() -> accept(pair, tls));
      var client = client(pair, "TLSv1.2");
      client.startHandshake();
      try (var ours = accepted.get(10, TimeUnit.SECONDS)) {
        assertThat(ours.isProtected()).isTrue();
        assertThat(pair.ours().isProtected()).isFalse();
        client.getOutputStream().write(9);
        assertThat(ours.input().read()).isEqualTo(9);
        ours.sink().write(new byte[] {8});
        assertThat(client.getInputStream().read()).isEqualTo(8);
      }
      assertThat(pair.peer().getInputStream().read()).as("closed below TLS").isLessThan(0);
    }
  }

  private interface Accepting {
    Connection accept(Connection tcp, ServerTls tls) throws IOException;
  }

  private CompletableFuture<Connection> accepting(Pair pair, Accepting accepting) {
    var tls = new ServerTls(authority.serverContext(authority.server("good", "localhost")));
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return accepting.accept(pair.ours(), tls);
          } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        },
        Thread::startVirtualThread);
  }

  @Test
  void aHandshakeThatWasLookedAtGoesOn() throws Exception {
    for (var version : new String[] {"TLSv1.2", "TLSv1.3"}) {
      try (var pair = Pair.open()) {
        var accepted =
            accepting(
                pair,
                (tcp, tls) -> {
                  assertThat(tcp.input().peek()).isEqualTo(22);
                  return tcp.acceptDirectTls(tls, "test");
                });
        var client = client(pair, version);
        offer(client, "other", "test");
        client.startHandshake();
        try (var ours = accepted.get(10, TimeUnit.SECONDS)) {
          assertThat(ours.applicationProtocol()).isEqualTo("test");
          client.getOutputStream().write(9);
          assertThat(ours.input().read()).isEqualTo(9);
        }
      }
    }
  }

  @Test
  void onlyAClientThatOffersOtherApplicationProtocolsAloneIsRefused() throws Exception {
    try (var pair = Pair.open()) {
      var accepted = accepting(pair, (tcp, tls) -> tcp.acceptTls(tls, "test"));
      var client = client(pair, "TLSv1.3");
      offer(client, "http/1.1");
      assertThatThrownBy(client::startHandshake).hasMessageContaining("no_application_protocol");
      assertThatThrownBy(() -> accepted.get(10, TimeUnit.SECONDS))
          .hasRootCauseInstanceOf(SSLHandshakeException.class);
    }
    try (var pair = Pair.open()) {
      var accepted = accepting(pair, (tcp, tls) -> tcp.acceptTls(tls, "test"));
      client(pair, "TLSv1.3").startHandshake();
      try (var ours = accepted.get(10, TimeUnit.SECONDS)) {
        assertThat(ours.applicationProtocol()).isEmpty();
      }
    }
  }

  private static void offer(SSLSocket client, String... applicationProtocols) {
    var parameters = client.getSSLParameters();
    parameters.setApplicationProtocols(applicationProtocols);
    client.setSSLParameters(parameters);
  }

  @Test
  void tlsBefore12IsRefused() throws Exception {
    var before = java.security.Security.getProperty("jdk.tls.disabledAlgorithms");
    assertThat(before).as("the platform refuses it as well").contains("TLSv1.1");
    var tls = new ServerTls(authority.serverContext(authority.server("good", "localhost")));
    try (var pair = Pair.open()) {
      var accepted = CompletableFuture.supplyAsync(() -> accept(pair, tls));
      // A ClientHello of TLS 1.1 by hand, since the platform would not make one.
      pair.send(hello11());
      assertThatThrownBy(() -> accepted.get(10, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .hasRootCauseInstanceOf(SSLException.class)
          .hasStackTraceContaining("Client requested protocol TLSv1.1 is not enabled");
    }
  }

  private static byte[] hello11() {
    var body = new byte[2 + 32 + 1 + 4 + 2];
    body[0] = 3;
    body[1] = 2; // client_version 3.2 is TLS 1.1
    body[36] = 2; // two bytes of cipher suites
    body[37] = (byte) 0xc0;
    body[38] = 0x09; // TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA
    body[39] = 1; // one compression method, null
    var record = new byte[5 + 4 + body.length];
    record[0] = 22;
    record[1] = 3;
    record[2] = 1;
    record[4] = (byte) (4 + body.length);
    record[5] = 1;
    record[8] = (byte) body.length;
    System.arraycopy(body, 0, record, 9, body.length);
    return record;
  }

  private ClientTls verifying(String host) throws IOException, GeneralSecurityException {
    return new ClientTls(
        Trust.authorities(Files.readString(authority.authority()), null),
        host,
        1,
        true,
        List.of("test"));
  }

  /**
   * Connects as the gateway to a server that shows this certificate; the version they agreed on.
   */
  private String upstream(TestCertificates.Server shown, ClientTls tls) throws IOException {
    return upstream(authority, shown, tls);
  }

  private static String upstream(
      TestCertificates issuer, TestCertificates.Server shown, ClientTls tls) throws IOException {
    var context = issuer.serverContext(shown);
    try (var pair = Pair.open()) {
      var server = (SSLSocket) context.getSocketFactory().createSocket(pair.peer(), "x", 1, true);
      server.setUseClientMode(false);
      var agreed = CompletableFuture.supplyAsync(() -> server.getSession().getProtocol());
      try (var _ = pair.ours().startTls(tls)) {
        return agreed.join();
      }
    }
  }

  private SSLSocket client(Pair pair, String version) throws IOException {
    var client =
        (SSLSocket)
            authority
                .clientContext()
                .getSocketFactory()
                .createSocket(pair.peer(), "localhost", 1, false);
    client.setEnabledProtocols(new String[] {version});
    return client;
  }

  private static Connection accept(Pair pair, ServerTls tls) {
    try {
      return pair.ours().acceptTls(tls);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
