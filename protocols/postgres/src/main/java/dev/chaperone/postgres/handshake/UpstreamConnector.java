package dev.chaperone.postgres.handshake;

import dev.chaperone.core.target.Target;
import dev.chaperone.postgres.handshake.UpstreamException.Scope;
import dev.chaperone.postgres.wire.MessageBuilder;
import dev.chaperone.postgres.wire.ProtocolViolationException;
import dev.chaperone.wire.Connection;
import dev.chaperone.wire.Deadlines;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Connects to targets' servers with the target's own credential. Writes raw bytes: handshakes and
 * cancel requests alone. Blocks, for a bounded time as a whole; only how long the system's resolver
 * looks for a host name's addresses is not in its hands.
 */
public final class UpstreamConnector {
  private static final int CANCEL_REQUEST = 80877102;

  /** As many addresses of one host name are tried. */
  private static final int MAX_ADDRESSES = 16;

  /** Far more targets than a gateway has; beyond them each session finds out anew. */
  private static final int MAX_REMEMBERED = 10_000;

  private final Duration timeout;
  private final Deadlines deadlines;
  private final Resolver resolver;
  private final UpstreamTls tls = new UpstreamTls();
  private final Set<String> plain = ConcurrentHashMap.newKeySet();

  /** Finds the addresses of a host name. */
  public interface Resolver {
    /** One address at least, the preferred first. */
    InetAddress[] addresses(String host) throws UnknownHostException;
  }

  /**
   * @param timeout for a whole handshake, over all addresses of a target
   * @param deadlines closes connections whose handshake takes longer
   * @param resolver finds a target's addresses
   */
  public UpstreamConnector(Duration timeout, Deadlines deadlines, Resolver resolver) {
    this.timeout = timeout;
    this.deadlines = deadlines;
    this.resolver = resolver;
  }

  /** How long a handshake may take. */
  public Duration timeout() {
    return timeout;
  }

  /**
   * Connects and signs in. Where the target's host name has several addresses, each is tried until
   * one answers; one that refuses the gateway has answered.
   *
   * @param parameters further start-up parameters, for example {@code application_name}
   * @throws UpstreamException when none answers in time, or one refuses
   */
  public Upstream connect(
      Target target, Target.Credential credential, String database, Map<String, String> parameters)
      throws IOException {
    long deadline = System.nanoTime() + timeout.toNanos();
    var addresses = addresses(target);
    var failures = new ArrayList<String>();
    UpstreamException first = null;
    for (int i = 0; i < addresses.size(); i++) {
      var address = addresses.get(i);
      // Who comes first must not use up the others' time.
      long share = (deadline - System.nanoTime()) / (addresses.size() - i);
      try {
        return connect(
            new Attempt(target, credential, database, parameters, address),
            System.nanoTime() + share);
      } catch (UpstreamException e) {
        if (e.scope() != Scope.ADDRESS) {
          throw e;
        }
        first = first == null ? e : first;
        failures.add(address.getAddress().getHostAddress() + ": " + e.getMessage());
      }
    }
    if (first != null && failures.size() == 1) {
      throw first;
    }
    throw new UpstreamException(
        "08001", "none of the target's addresses answers: " + String.join("; ", failures), first);
  }

  private List<InetSocketAddress> addresses(Target target) throws UpstreamException {
    try {
      var found = new ArrayList<InetSocketAddress>();
      for (var address : resolver.addresses(target.host())) {
        if (found.size() < MAX_ADDRESSES) {
          found.add(new InetSocketAddress(address, target.port()));
        }
      }
      return found;
    } catch (UnknownHostException e) {
      throw new UpstreamException(
          "08001", "the target cannot be reached: its host name has no address", e);
    }
  }

  private record Attempt(
      Target target,
      Target.Credential credential,
      String database,
      Map<String, String> parameters,
      InetSocketAddress address) {
    String key() {
      return target.name() + " " + address;
    }
  }

  /** A pooler may not understand all of a start-up message; then a plainer one is tried. */
  private Upstream connect(Attempt attempt, long deadline) throws IOException {
    if (!plain.contains(attempt.key())) {
      try {
        return connect(attempt, StartUp.full(attempt.parameters()), deadline);
      } catch (UpstreamException e) {
        if (e.scope() != Scope.START_UP) {
          throw e;
        }
      }
    }
    var upstream = connect(attempt, StartUp.plain(attempt.parameters()), deadline);
    if (plain.size() < MAX_REMEMBERED) {
      plain.add(attempt.key());
    }
    return upstream;
  }

  private Upstream connect(Attempt attempt, StartUp startUp, long deadline) throws IOException {
    var tcp = open(attempt.address(), deadline);
    try (var limit = deadlines.closeAfter(tcp, left(deadline))) {
      try {
        var connection = tls.protect(tcp, attempt.target(), attempt.credential());
        return new UpstreamSignIn(connection, attempt.target(), attempt.credential(), startUp)
            .complete(attempt.database());
      } catch (IOException e) {
        if (limit.passed()) {
          throw new UpstreamException(
              "08001", "the target did not answer the handshake in time", e, Scope.ADDRESS);
        }
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      tcp.close();
      throw e;
    }
  }

  /**
   * Asks the server to cancel what a session of its runs; the server does not answer. Goes to the
   * very address where the session is.
   */
  public void cancel(Target target, Upstream upstream) throws IOException {
    var key = upstream.key();
    if (key == null) {
      throw new UpstreamException("08001", "the target gave no key to cancel with", null);
    }
    long deadline = System.nanoTime() + timeout.toNanos();
    var tcp = open(upstream.connection().peer(), deadline);
    try (tcp;
        var _ = deadlines.closeAfter(tcp, left(deadline))) {
      var connection = tls.protect(tcp, target, upstream.credential());
      connection
          .sink()
          .write(
              new MessageBuilder()
                  .beginUntyped()
                  .int32(CANCEL_REQUEST)
                  .int32(key.process())
                  .bytes(key.secret())
                  .end()
                  .toArray());
      // The server closes when it has seen the request: only then is it sure to have been sent.
      int answer = connection.input().read();
      if (answer >= 0) {
        throw new ProtocolViolationException("an answer to a cancel request");
      }
    }
  }

  private static Duration left(long deadline) {
    return Duration.ofNanos(Math.max(deadline - System.nanoTime(), 1_000_000));
  }

  private static Connection open(InetSocketAddress address, long deadline) throws IOException {
    var socket = new Socket();
    try {
      socket.connect(address, (int) left(deadline).toMillis());
      return new Connection(socket);
    } catch (IOException e) {
      socket.close();
      throw new UpstreamException(
          "08001", "the target cannot be reached: " + e.getMessage(), e, Scope.ADDRESS);
    }
  }
}
