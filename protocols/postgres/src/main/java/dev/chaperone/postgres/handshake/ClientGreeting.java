package dev.chaperone.postgres.handshake;

import dev.chaperone.postgres.wire.Body;
import dev.chaperone.postgres.wire.ErrorFields;
import dev.chaperone.postgres.wire.MessageBuilder;
import dev.chaperone.postgres.wire.MessageReader;
import dev.chaperone.postgres.wire.Messages;
import dev.chaperone.postgres.wire.ProtocolViolationException;
import dev.chaperone.wire.Connection;
import dev.chaperone.wire.ServerTls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * The client's side of what comes before a session: encryption requests, the start-up or cancel
 * request, and the password that carries the token. Writes raw bytes, since there is no session
 * yet; none of them comes from a resource. Blocks; the listener bounds the whole.
 */
public final class ClientGreeting {
  private static final int MAX_STARTUP_BYTES = 10_000;
  private static final int MAX_PASSWORD_BYTES = 64 << 10;
  private static final int SSL_REQUEST = 80877103;
  private static final int GSS_ENCRYPTION_REQUEST = 80877104;
  private static final int CANCEL_REQUEST = 80877102;
  private static final int PROTOCOL_3_0 = 3 << 16;
  private static final int MAX_REQUESTS = 4;

  private final ServerTls tls;

  private Connection connection;

  /** Speaks on {@code tcp}, a connection that nothing was read from. */
  public ClientGreeting(ServerTls tls, Connection tcp) {
    this.tls = tls;
    this.connection = tcp;
  }

  /** The connection as the client has it now: under TLS once that is agreed. */
  public Connection connection() {
    return connection;
  }

  /** What the client came for. */
  public sealed interface Request {
    /** A session, on this connection from now on. */
    record Start(Connection connection, StartupMessage message) implements Request {}

    /** That something else be cancelled. */
    record Cancel(int process, int secret) implements Request {}

    /** Nothing: it left. */
    record Left() implements Request {}
  }

  /** Answers encryption requests and returns what the client came for. */
  public Request request() throws IOException {
    for (int i = 0; i < MAX_REQUESTS; i++) {
      int first = connection.input().read();
      if (first < 0) {
        return new Request.Left();
      }
      var head = new byte[8];
      head[0] = (byte) first;
      connection.input().readFully(head, 1, 7);
      var fields = new Body(head, 0, 8);
      int length = fields.int32();
      int code = fields.int32();
      if (length < 8 || length > MAX_STARTUP_BYTES) {
        throw new ProtocolViolationException("a start-up message of " + length + " bytes");
      }
      var rest = new byte[length - 8];
      connection.input().readFully(rest, 0, rest.length);
      switch (code) {
        case SSL_REQUEST -> protect(rest);
        case GSS_ENCRYPTION_REQUEST -> connection.sink().write(new byte[] {'N'});
        case CANCEL_REQUEST -> {
          return cancel(rest);
        }
        default -> {
          return start(connection, code, rest);
        }
      }
    }
    throw new ProtocolViolationException("too many encryption requests");
  }

  private void protect(byte[] rest) throws IOException {
    if (connection.isProtected() || rest.length > 0) {
      throw new ProtocolViolationException("a request for TLS where none can be");
    }
    connection.sink().write(new byte[] {'S'});
    connection = connection.acceptTls(tls);
  }

  private static Request cancel(byte[] rest) throws ProtocolViolationException {
    var fields = new Body(rest, 0, rest.length);
    int process = fields.int32();
    int secret = fields.int32();
    fields.end("the cancel request");
    return new Request.Cancel(process, secret);
  }

  private static Request start(Connection connection, int version, byte[] rest) throws IOException {
    int major = version >>> 16;
    int minor = version & 0xffff;
    if (major != 3) {
      refuse(
          connection,
          ErrorFields.of(
              "FATAL", "0A000", "protocol " + major + "." + minor + " is not supported", null, ""));
      throw new ProtocolViolationException("protocol version " + major + "." + minor);
    }
    var message = StartupMessage.read(minor, new Body(rest, 0, rest.length));
    if (minor > 0 || !message.extensions().isEmpty()) {
      var answer =
          new MessageBuilder()
              .begin(Messages.NEGOTIATE_VERSION)
              .int32(PROTOCOL_3_0) // the whole number, as servers send and libpq reads it
              .int32(message.extensions().size());
      message.extensions().forEach(answer::string);
      connection.sink().write(answer.end().toArray());
    }
    return new Request.Start(connection, message);
  }

  /**
   * Asks for the password and returns it.
   *
   * @throws ProtocolViolationException if something else comes, or it is too long
   */
  public static String password(Connection connection) throws IOException {
    connection
        .sink()
        .write(new MessageBuilder().begin(Messages.AUTHENTICATION).int32(3).end().toArray());
    var reader = new MessageReader(connection.input());
    if (!reader.next()) {
      throw new java.io.EOFException("the client left instead of signing in");
    }
    if (reader.type() != Messages.PASSWORD || reader.bodyLength() > MAX_PASSWORD_BYTES) {
      throw new ProtocolViolationException("something else than a password, or a too long one");
    }
    var message = reader.message();
    int length = message.length - 6;
    if (length < 0 || message[message.length - 1] != 0) {
      throw new ProtocolViolationException("a password without its terminating zero");
    }
    return new String(message, 5, length, StandardCharsets.UTF_8);
  }

  /** Tells a client that has no session why it gets none. */
  public static void refuse(Connection connection, ErrorFields error) throws IOException {
    connection.sink().write(error.message(Messages.ERROR));
  }
}
