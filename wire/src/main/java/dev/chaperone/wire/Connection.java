package dev.chaperone.wire;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;

/**
 * One TCP connection, plain or under TLS. Reading and writing block; closing from any thread wakes
 * both. One thread reads and one writes at a time.
 */
public final class Connection implements AutoCloseable {
  private static final int DRAINED_AT_ONCE = 8 << 10;

  private final Socket tcp;
  private final Socket socket;
  private final ReadAheadInput input;
  private final RawSink sink;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** Takes the socket over: closing the connection closes it. */
  public Connection(Socket socket) throws IOException {
    this(socket, socket);
  }

  private Connection(Socket tcp, Socket socket) throws IOException {
    this.tcp = tcp;
    this.socket = socket;
    tcp.setTcpNoDelay(true);
    tcp.setKeepAlive(true);
    this.input = new ReadAheadInput(socket.getInputStream());
    var output = socket.getOutputStream();
    this.sink = output::write;
  }

  /**
   * Performs the server's side of a TLS handshake and returns the protected connection, which
   * replaces this one. Blocks for at most the read time-out. Nothing may have been read ahead of
   * the handshake: bytes that came in plain text before it would count as protected otherwise
   * (CVE-2021-23214).
   *
   * @param applicationProtocols what is offered by ALPN; see {@link #applicationProtocol}
   * @throws IOException also when plain-text bytes are waiting
   */
  public Connection acceptTls(ServerTls tls, String... applicationProtocols) throws IOException {
    input.requireNothingBuffered();
    return new Connection(tcp, tls.accept(tcp, null, applicationProtocols));
  }

  /**
   * As {@link #acceptTls}, of a peer that began with the TLS handshake itself: what was looked at
   * by {@link ReadAheadInput#peek()} belongs to it. Nothing may have been read.
   */
  public Connection acceptDirectTls(ServerTls tls, String... applicationProtocols)
      throws IOException {
    return new Connection(tcp, tls.accept(tcp, input.takeBuffered(), applicationProtocols));
  }

  /** The client's side of a TLS handshake; the same rules as {@link #acceptTls}. */
  public Connection startTls(ClientTls tls) throws IOException {
    input.requireNothingBuffered();
    return new Connection(tcp, tls.connect(tcp));
  }

  /** What the peer sends. */
  public ReadAheadInput input() {
    return input;
  }

  /** Raw bytes towards the peer. */
  public RawSink sink() {
    return sink;
  }

  /** The peer's address and port. */
  public InetSocketAddress peer() {
    return (InetSocketAddress) tcp.getRemoteSocketAddress();
  }

  /** Whether the connection is under TLS. */
  public boolean isProtected() {
    return socket instanceof SSLSocket;
  }

  /** What ALPN agreed on; empty where the peer did not ask, or without TLS. */
  public String applicationProtocol() {
    var agreed = socket instanceof SSLSocket tls ? tls.getApplicationProtocol() : null;
    return agreed == null ? "" : agreed;
  }

  /** The peer's certificate; empty without TLS, and where it showed none. */
  public Optional<X509Certificate> peerCertificate() {
    if (!(socket instanceof SSLSocket tls)) {
      return Optional.empty();
    }
    try {
      return tls.getSession().getPeerCertificates()[0] instanceof X509Certificate certificate
          ? Optional.of(certificate)
          : Optional.empty();
    } catch (SSLPeerUnverifiedException e) {
      return Optional.empty();
    }
  }

  /**
   * Bounds every following read, or lifts the bound with {@link Duration#ZERO}. A read that takes
   * longer throws {@link java.net.SocketTimeoutException}; the connection is then only good for
   * closing.
   */
  public void readTimeout(Duration bound) throws SocketException {
    socket.setSoTimeout((int) Math.min(bound.toMillis(), Integer.MAX_VALUE));
  }

  /**
   * Tells the peer that nothing more comes, after what was written. Blocks while the peer takes
   * nothing.
   */
  public void finishWriting() throws IOException {
    socket.shutdownOutput();
    if (isProtected()) {
      tcp.shutdownOutput();
    }
  }

  /**
   * Reads and drops what the peer still sends, until it closes or the time is over. To close with
   * something unread resets the connection, and a reset takes away what the peer has not read yet
   * (RFC 1122, section 4.2.2.13). The connection is then only good for closing.
   */
  public void drain(Duration longest) {
    long deadline = System.nanoTime() + longest.toNanos();
    var dropped = new byte[DRAINED_AT_ONCE];
    try {
      var from = socket.getInputStream();
      for (long left = longest.toMillis();
          left > 0;
          left = (deadline - System.nanoTime()) / 1_000_000) {
        socket.setSoTimeout((int) left);
        if (from.read(dropped) < 0) {
          return;
        }
      }
    } catch (IOException e) {
      return; // its time is over, or the peer is gone
    }
  }

  /**
   * Closes both directions without waiting for the peer: the TCP socket goes first, so that a
   * thread blocked in a TLS write cannot hold the close up.
   */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    Closing.quietly(tcp);
    Closing.quietly(socket);
  }
}
