package dev.chaperone.postgres.handshake;

import dev.chaperone.core.target.Target;
import dev.chaperone.postgres.handshake.UpstreamException.Scope;
import dev.chaperone.postgres.wire.Body;
import dev.chaperone.postgres.wire.ErrorFields;
import dev.chaperone.postgres.wire.MessageBuilder;
import dev.chaperone.postgres.wire.MessageReader;
import dev.chaperone.postgres.wire.Messages;
import dev.chaperone.postgres.wire.ProtocolViolationException;
import dev.chaperone.wire.Connection;
import java.io.EOFException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The gateway's own sign-in to a target's server: from the start-up message to ready. */
final class UpstreamSignIn {
  private static final int PROTOCOL_3 = 3 << 16;
  private static final int MAX_MESSAGE_BYTES = 64 << 10;
  private static final int MAX_BYTES = 1 << 20;
  private static final int MAX_MESSAGES = 1_000;

  /** The server is starting up, or not taking part: {@code cannot_connect_now}. */
  private static final String NOT_NOW = "57P03";

  /** What poolers and old servers say of a start-up message that they do not understand. */
  private static final Set<String> NOT_UNDERSTOOD = Set.of("08P01", "0A000");

  private final Connection connection;
  private final Target.Credential credential;
  private final StartUp startUp;
  private final MessageReader reader;
  private final Authentication authentication;
  private final Map<String, String> parameters = new LinkedHashMap<>();
  private int minor;
  private boolean answered;
  private @Nullable CancelKey key;

  UpstreamSignIn(
      Connection connection, Target target, Target.Credential credential, StartUp startUp) {
    this.connection = connection;
    this.credential = credential;
    this.startUp = startUp;
    this.minor = startUp.minor();
    this.reader = new MessageReader(connection.input());
    this.authentication = new Authentication(connection, target, credential);
  }

  /** Says who and where to, and returns when the server is ready. Blocks. */
  Upstream complete(String database) throws IOException {
    var message = new MessageBuilder().beginUntyped().int32(PROTOCOL_3 | startUp.minor());
    message.string("user").string(credential.user()).string("database").string(database);
    startUp.parameters().forEach((name, value) -> message.string(name).string(value));
    connection.sink().write(message.int8(0).end().toArray());
    int bytes = 0;
    for (int i = 0; i < MAX_MESSAGES; i++) {
      requireAnswer();
      bytes += Math.min(reader.bodyLength(), MAX_BYTES);
      if (reader.bodyLength() > MAX_MESSAGE_BYTES || bytes > MAX_BYTES) {
        throw new ProtocolViolationException("a too long message during the handshake");
      }
      if (take(reader.type(), Body.ofMessage(reader.message()))) {
        return new Upstream(connection, reader, credential, parameters, key, startUp.unset());
      }
    }
    throw new ProtocolViolationException("a handshake that does not end");
  }

  /**
   * @return whether the server is ready
   */
  private boolean take(byte type, Body body) throws IOException {
    switch (type) {
      case Messages.AUTHENTICATION -> {
        answered = true;
        authentication.take(body);
      }
      case Messages.ERROR -> throw refused(ErrorFields.read(body));
      case Messages.NOTICE -> {}
      case Messages.NEGOTIATE_VERSION -> negotiate(body);
      case Messages.PARAMETER_STATUS -> parameters.put(body.string(), body.string());
      case Messages.BACKEND_KEY_DATA -> key = key(body);
      case Messages.READY_FOR_QUERY -> {
        if (!authentication.isAccepted()) {
          throw new ProtocolViolationException("ready before it has signed the gateway in");
        }
        return true;
      }
      default -> throw new ProtocolViolationException("an unexpected message in the handshake");
    }
    return false;
  }

  /** Whoever goes away before it asked for anything may be another's stand-in, or restarting. */
  private void requireAnswer() throws IOException {
    try {
      if (reader.next()) {
        return;
      }
      throw new EOFException("the target closed the connection");
    } catch (ProtocolViolationException e) {
      throw e;
    } catch (IOException e) {
      throw new UpstreamException(
          "08006",
          "the target closed the connection in the handshake: " + e.getMessage(),
          e,
          answered ? Scope.TARGET : Scope.ADDRESS);
    }
  }

  private UpstreamException refused(ErrorFields error) {
    var scope = Scope.TARGET;
    if (error.sqlState().equals(NOT_NOW)) {
      scope = Scope.ADDRESS;
    } else if (!answered && NOT_UNDERSTOOD.contains(error.sqlState())) {
      scope = Scope.START_UP;
    }
    return new UpstreamException(
        error.sqlState(), "the target refused the gateway: " + error.message(), null, scope);
  }

  /** The server speaks an older minor version; it was asked for no protocol option. */
  private void negotiate(Body body) throws ProtocolViolationException {
    int version = body.int32();
    int options = body.int32();
    if (answered
        || (version & ~0xffff) != PROTOCOL_3
        || (version & 0xffff) > minor
        || options != 0) {
      throw new ProtocolViolationException("a version that was not asked for");
    }
    minor = version & 0xffff;
    body.end("the version negotiation");
  }

  private CancelKey key(Body body) throws ProtocolViolationException {
    var given = CancelKey.read(body, "BackendKeyData");
    int length = given.secret().length;
    if (length < CancelKey.SHORT_BYTES || (minor < 2 && length != CancelKey.SHORT_BYTES)) {
      throw new ProtocolViolationException("BackendKeyData with a key of " + length + " bytes");
    }
    return given;
  }
}
