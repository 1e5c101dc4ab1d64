package dev.chaperone.postgres.handshake;

import dev.chaperone.core.target.Target;
import dev.chaperone.postgres.wire.MessageBuilder;
import dev.chaperone.postgres.wire.ProtocolViolationException;
import dev.chaperone.wire.ClientTls;
import dev.chaperone.wire.Connection;
import dev.chaperone.wire.Trust;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;

/**
 * Connects to targets' servers with the target's own credential. Writes raw bytes: handshakes and
 * cancel requests alone. Blocks, each step for a bounded time.
 */
public final class UpstreamConnector {
  private static final int SSL_REQUEST = 80877103;
  private static final int CANCEL_REQUEST = 80877102;
  private static final int PROTOCOL_3_0 = 196608;

  private final Duration timeout;
  private final Map<String, SSLContext> contexts = new ConcurrentHashMap<>();

  /**
   * @param timeout for connecting, and for every answer during the handshake
   */
  public UpstreamConnector(Duration timeout) {
    this.timeout = timeout;
  }

  /** How long each step may take. */
  public Duration timeout() {
    return timeout;
  }

  /**
   * Connects and signs in. Reads from it stay bounded by the time-out until the caller lifts it.
   *
   * @param parameters further start-up parameters, for example {@code application_name}
   */
  public Upstream connect(
      Target target, Target.Credential credential, String database, Map<String, String> parameters)
      throws IOException {
    var connection = open(target);
    try {
      var startup = new MessageBuilder().beginUntyped().int32(PROTOCOL_3_0);
      startup.string("user").string(credential.user()).string("database").string(database);
      parameters.forEach((name, value) -> startup.string(name).string(value));
      connection.sink().write(startup.int8(0).end().toArray());
      return new UpstreamSignIn(connection, target, credential).complete();
    } catch (IOException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /** Asks the server to cancel what a process of its runs; the server does not answer. */
  public void cancel(Target target, int process, int secret) throws IOException {
    try (var connection = open(target)) {
      connection
          .sink()
          .write(
              new MessageBuilder()
                  .beginUntyped()
                  .int32(CANCEL_REQUEST)
                  .int32(process)
                  .int32(secret)
                  .end()
                  .toArray());
      // The server closes when it has seen the request: only then is it sure to have been sent.
      int answer = connection.input().read();
      if (answer >= 0) {
        throw new ProtocolViolationException("an answer to a cancel request");
      }
    }
  }

  private Connection open(Target target) throws IOException {
    var socket = new Socket();
    Connection connection;
    try {
      socket.connect(new InetSocketAddress(target.host(), target.port()), (int) timeout.toMillis());
      connection = new Connection(socket);
      connection.readTimeout(timeout);
    } catch (IOException e) {
      socket.close();
      throw new UpstreamException("08001", "the target cannot be reached: " + e.getMessage(), e);
    }
    if (target.tls() == Target.Tls.OFF) {
      return connection;
    }
    try {
      return protect(connection, target);
    } catch (IOException e) {
      connection.close();
      throw e instanceof UpstreamException
          ? e
          : new UpstreamException("08001", "TLS with the target failed: " + e.getMessage(), e);
    }
  }

  private Connection protect(Connection connection, Target target) throws IOException {
    connection.sink().write(new MessageBuilder().beginUntyped().int32(SSL_REQUEST).end().toArray());
    int answer = connection.input().read();
    if (answer != 'S') {
      throw new UpstreamException("08001", "the target does not offer TLS", null);
    }
    boolean verify = target.tls() == Target.Tls.VERIFY_FULL;
    return connection.startTls(
        new ClientTls(context(target, verify), target.host(), target.port(), verify));
  }

  private SSLContext context(Target target, boolean verify) throws IOException {
    var authority = target.authority();
    var key = verify ? "verify " + (authority == null ? "" : authority) : "any";
    var known = contexts.get(key);
    if (known != null) {
      return known;
    }
    try {
      var made = verify ? Trust.authorities(authority) : Trust.anyCertificate();
      contexts.put(key, made);
      return made;
    } catch (GeneralSecurityException e) {
      throw new UpstreamException(
          "08001", "the target's authority cannot be used: " + e.getMessage(), e);
    }
  }
}
