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
  /** The name that clients and servers agree on by ALPN. */
  static final String APPLICATION_PROTOCOL = "postgresql";

  /** The newest minor version of protocol 3 that is spoken, on both sides. */
  static final int NEWEST_MINOR = 2;

  private static final int MAX_STARTUP_BYTES = 10_000;
  private static final int MAX_PASSWORD_BYTES = 64 << 10;
  private static final int SSL_REQUEST = 80877103;
  private static final int GSS_ENCRYPTION_REQUEST = 80877104;
  private static final int CANCEL_REQUEST = 80877102;
  private static final int MAJOR = 3;

  /** The first byte of a TLS handshake (RFC 8446, section 5.1); no start-up message is so long. */
  private static final int TLS_HANDSHAKE = 22;

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
    record Cancel(CancelKey key) implements Request {}

    /** Nothing: it left. */
    record Left() implements Request {}
  }

  /**
   * Answers encryption requests, each kind once at most, and returns what the client came for.
   *
   * @throws ProtocolViolationException also for TLS from the first byte without its ALPN, which a
   *     server refuses too, so that bytes meant for another protocol are not taken for this one
   */
  public Request request() throws IOException {
    if (connection.input().peek() == TLS_HANDSHAKE) {
      connection = connection.acceptDirectTls(tls, APPLICATION_PROTOCOL);
      if (!connection.applicationProtocol().equals(APPLICATION_PROTOCOL)) {
        throw new ProtocolViolationException("direct TLS without the ALPN protocol postgresql");
      }
    }
    boolean gssDeclined = false;
    while (connection.input().peek() >= 0) {
      var head = new byte[8];
      connection.input().readFully(head, 0, 8);
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
        case GSS_ENCRYPTION_REQUEST -> {
          if (gssDeclined) {
            throw new ProtocolViolationException("a second request for GSS encryption");
          }
          gssDeclined = true;
          declineGss(rest);
        }
        case CANCEL_REQUEST -> {
          return new Request.Cancel(CancelKey.read(new Body(rest, 0, rest.length), "a cancel"));
        }
        default -> {
          return start(connection, code, rest);
        }
      }
    }
    return new Request.Left();
  }

  private void protect(byte[] rest) throws IOException {
    if (connection.isProtected() || rest.length > 0) {
      throw new ProtocolViolationException("a request for TLS where none can be");
    }
    connection.sink().write(new byte[] {'S'});
    connection = connection.acceptTls(tls, APPLICATION_PROTOCOL);
  }

  /** As after a request for TLS, nothing may have been sent ahead of the answer. */
  private void declineGss(byte[] rest) throws IOException {
    if (connection.isProtected() || rest.length > 0 || connection.input().buffered() > 0) {
      throw new ProtocolViolationException("a request for GSS encryption where none can be");
    }
    connection.sink().write(new byte[] {'N'});
  }

  private static Request start(Connection connection, int version, byte[] rest) throws IOException {
    int major = version >>> 16;
    int minor = version & 0xffff;
    if (major != MAJOR) {
      throw new UnsupportedVersionException(
          "unsupported frontend protocol %d.%d: 3.0 to 3.%d are supported"
              .formatted(major, minor, NEWEST_MINOR));
    }
    int agreed = Math.min(minor, NEWEST_MINOR);
    var message = StartupMessage.read(agreed, new Body(rest, 0, rest.length));
    if (minor > agreed || !message.extensions().isEmpty()) {
      var answer =
          new MessageBuilder()
              .begin(Messages.NEGOTIATE_VERSION)
              .int32(MAJOR << 16 | agreed)
              .int32(message.extensions().size());
      message.extensions().forEach(answer::string);
      connection.sink().write(answer.end().toArray());
    }
    return new Request.Start(connection, message);
  }

  /** A protocol version that is not spoken. */
  public static final class UnsupportedVersionException extends IOException {
    private static final long serialVersionUID = 1L;

    UnsupportedVersionException(String message) {
      super(message);
    }
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
