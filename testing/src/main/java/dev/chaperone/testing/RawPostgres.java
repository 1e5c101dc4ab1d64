package dev.chaperone.testing;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL client that sends exactly the messages it is given and shows exactly those that come
 * back. For one thread. A read that gets nothing in time throws {@link AssertionError}; an end of
 * the stream is {@link EndOfStream}.
 */
public final class RawPostgres implements AutoCloseable {
  /** How long a read waits when nothing else is said. */
  public static final Duration DEADLINE = Duration.ofSeconds(10);

  private static final int MAX_FRAME_BYTES = 64 << 20;

  private final Socket socket;
  private final DataInputStream in;
  private final Trace trace = new Trace();
  private int process;
  private byte[] secretKey = new byte[0];

  /** The server closed the connection, in order or not. */
  public static final class EndOfStream extends RuntimeException {
    private static final long serialVersionUID = 1L;

    EndOfStream(String trace, IOException cause) {
      super("the server closed the connection after\n" + trace, cause);
    }
  }

  private RawPostgres(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new DataInputStream(socket.getInputStream());
    socket.setTcpNoDelay(true);
  }

  /** Connects without TLS. */
  public static RawPostgres plain(String host, int port) {
    try {
      return new RawPostgres(open(host, port));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Connects, asks for TLS with an SSLRequest and checks the server's name. */
  public static RawPostgres tls(String host, int port, SSLContext context) {
    try {
      var socket = open(host, port);
      socket.getOutputStream().write(PgMessages.tlsRequest().bytes());
      int answer = socket.getInputStream().read();
      if (answer != 'S') {
        socket.close();
        throw new IOException("no TLS: answer " + answer);
      }
      return new RawPostgres(handshake(socket, host, port, context));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Connects with TLS from the first byte and ALPN {@code postgresql}. */
  public static RawPostgres directTls(String host, int port, SSLContext context) {
    return directTls(host, port, context, "postgresql");
  }

  /** Connects with TLS from the first byte and offers these by ALPN; none leaves ALPN out. */
  public static RawPostgres directTls(
      String host, int port, SSLContext context, String... applicationProtocols) {
    try {
      return new RawPostgres(
          handshake(open(host, port), host, port, context, applicationProtocols));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A client that is signed in over TLS and has read all up to ReadyForQuery. */
  public static RawPostgres signedIn(
      String host, int port, SSLContext context, String user, String database, String password) {
    var client = tls(host, port, context);
    client.signIn(Map.of("user", user, "database", database), password);
    return client;
  }

  private static Socket open(String host, int port) throws IOException {
    var socket = new Socket();
    socket.connect(new InetSocketAddress(host, port), (int) DEADLINE.toMillis());
    socket.setSoTimeout((int) DEADLINE.toMillis());
    return socket;
  }

  private static SSLSocket handshake(
      Socket socket, String host, int port, SSLContext context, String... applicationProtocols)
      throws IOException {
    var tls = (SSLSocket) context.getSocketFactory().createSocket(socket, host, port, true);
    var parameters = tls.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    parameters.setApplicationProtocols(applicationProtocols);
    tls.setSSLParameters(parameters);
    tls.startHandshake();
    return tls;
  }

  /**
   * Sends a StartupMessage, answers cleartext or SCRAM-SHA-256, and reads up to ReadyForQuery.
   *
   * @return every frame that came
   * @throws IllegalStateException with the SQLSTATE and message when the server refuses
   */
  public List<PgFrame> signIn(Map<String, String> parameters, String password) {
    return signIn(3 << 16, parameters, password);
  }

  /** As {@link #signIn(Map, String)}, with any protocol version. */
  public List<PgFrame> signIn(int version, Map<String, String> parameters, String password) {
    send(PgMessages.startup(version, new LinkedHashMap<>(parameters)));
    var scram = new ScramClient(password);
    var frames = new ArrayList<PgFrame>();
    while (true) {
      var frame = read();
      frames.add(frame);
      switch (frame.type()) {
        case 'R' -> answer(frame, scram, password);
        case 'K' -> remember(frame);
        case 'E' -> throw new IllegalStateException(frame.fields().toString());
        case 'Z' -> {
          return frames;
        }
        default -> {
          // ParameterStatus, notices and what a newer server may add.
        }
      }
    }
  }

  private void answer(PgFrame frame, ScramClient scram, String password) {
    var body = frame.reader('R');
    int kind = body.getInt();
    var rest = new byte[body.remaining()];
    body.get(rest);
    switch (kind) {
      case 0 -> {}
      case 3 -> send(PgMessages.password(password));
      case 10 -> send(PgMessages.saslInitial(ScramClient.MECHANISM, scram.first()));
      case 11 -> send(PgMessages.saslResponse(scram.last(rest)));
      case 12 -> {
        if (!scram.accepts(rest)) {
          throw new IllegalStateException("the server does not know the password");
        }
      }
      default -> throw new IllegalStateException("authentication request " + kind);
    }
  }

  private void remember(PgFrame frame) {
    var body = frame.reader('K');
    process = body.getInt();
    secretKey = new byte[body.remaining()];
    body.get(secretKey);
  }

  /** Sends these messages as one write. */
  public RawPostgres send(PgFrame... frames) {
    var bytes = new ByteArrayOutputStream();
    for (var frame : frames) {
      bytes.writeBytes(frame.bytes());
      trace.add("C:", frame.shown(false));
    }
    return write(bytes.toByteArray());
  }

  /** Sends any bytes. */
  public RawPostgres sendRaw(byte[] bytes) {
    trace.add("C:", "raw[" + bytes.length + "]");
    return write(bytes);
  }

  private RawPostgres write(byte[] bytes) {
    try {
      var out = socket.getOutputStream();
      out.write(bytes);
      out.flush();
      return this;
    } catch (IOException e) {
      throw new EndOfStream(trace.toString(), e);
    }
  }

  /** Reads the next message. */
  public PgFrame read() {
    return read(DEADLINE);
  }

  /** Reads the next message, waiting so long for its first byte. */
  public PgFrame read(Duration longest) {
    var frame = poll(longest);
    if (frame == null) {
      throw new AssertionError("nothing within " + longest + " after\n" + trace);
    }
    return frame;
  }

  /** The next message, or null when none has begun to arrive in time. */
  public @Nullable PgFrame poll(Duration longest) {
    try {
      socket.setSoTimeout((int) Math.max(1, longest.toMillis()));
      int type;
      try {
        type = in.readUnsignedByte();
      } catch (SocketTimeoutException e) {
        return null;
      }
      socket.setSoTimeout((int) DEADLINE.toMillis());
      int length = in.readInt();
      if (length < 4 || length > MAX_FRAME_BYTES) {
        throw new IllegalStateException("length " + length + " of " + (char) type);
      }
      var frame = PgFrame.of((char) type, in.readNBytes(length - 4));
      if (frame.body().length < length - 4) {
        throw new EOFException("in the middle of " + (char) type);
      }
      trace.add("S:", frame.shown(true));
      return frame;
    } catch (IOException e) {
      throw new EndOfStream(trace.toString(), e);
    }
  }

  /** Reads up to a message of this type, that one included. */
  public List<PgFrame> readUntil(char type) {
    var frames = new ArrayList<PgFrame>();
    do {
      frames.add(read());
    } while (frames.getLast().type() != type);
    return List.copyOf(frames);
  }

  /** Reads up to ReadyForQuery. */
  public List<PgFrame> readUntilReady() {
    return readUntil('Z');
  }

  /** Sends a simple query and reads up to ReadyForQuery. */
  public List<PgFrame> query(String sql) {
    return send(PgMessages.query(sql)).readUntilReady();
  }

  /** Whether the server closes the connection in time; messages before that are read. */
  public boolean isClosedWithin(Duration longest) {
    long deadline = System.nanoTime() + longest.toNanos();
    try {
      while (System.nanoTime() < deadline) {
        var left = Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
        if (poll(left) == null) {
          return false;
        }
      }
      return false;
    } catch (EndOfStream e) {
      return true;
    }
  }

  /** The server's process, from BackendKeyData. */
  public int process() {
    return process;
  }

  /** The key for {@link PgMessages#cancel}, from BackendKeyData. */
  public byte[] secretKey() {
    return secretKey.clone();
  }

  /**
   * What went over the wire since the last {@link #clearTrace}: one line for each change of
   * direction, such as {@code C: P B D E S} and {@code S: 1 2 T D C Z(I)}.
   */
  public String trace() {
    return trace.toString();
  }

  /** Forgets the trace so far. */
  public RawPostgres clearTrace() {
    trace.clear();
    return this;
  }

  /** Whether the connection has TLS. */
  public boolean isEncrypted() {
    return socket instanceof SSLSocket;
  }

  /** Closes the socket without a Terminate. */
  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
