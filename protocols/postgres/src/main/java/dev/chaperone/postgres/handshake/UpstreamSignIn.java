package dev.chaperone.postgres.handshake;

import com.ongres.scram.client.ScramClient;
import com.ongres.scram.common.exception.ScramException;
import dev.chaperone.core.target.Target;
import dev.chaperone.postgres.wire.Body;
import dev.chaperone.postgres.wire.ErrorFields;
import dev.chaperone.postgres.wire.MessageBuilder;
import dev.chaperone.postgres.wire.MessageReader;
import dev.chaperone.postgres.wire.Messages;
import dev.chaperone.postgres.wire.ProtocolViolationException;
import dev.chaperone.wire.Connection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The gateway's own sign-in to a target's server: from the start-up message to ready. */
final class UpstreamSignIn {
  private static final int MAX_MESSAGE_BYTES = 64 << 10;
  private static final int MAX_MESSAGES = 1_000;

  /** About a second of work; the server's default is 4096. */
  private static final long MAX_ITERATIONS = 1_000_000;

  private static final Pattern ITERATIONS = Pattern.compile(",i=([0-9]{1,10})(?:,|$)");
  private static final String SCRAM_SHA_256 = "SCRAM-SHA-256";

  private final Connection connection;
  private final Target target;
  private final Target.Credential credential;
  private final MessageReader reader;
  private final Map<String, String> parameters = new LinkedHashMap<>();
  private @Nullable ScramClient scram;
  private boolean scramProved;
  private boolean accepted;
  private int process;
  private int secret;

  UpstreamSignIn(Connection connection, Target target, Target.Credential credential) {
    this.connection = connection;
    this.target = target;
    this.credential = credential;
    this.reader = new MessageReader(connection.input());
  }

  Upstream complete() throws IOException {
    for (int i = 0; i < MAX_MESSAGES; i++) {
      if (!reader.next()) {
        throw new UpstreamException("08006", "the target closed the connection", null);
      }
      if (reader.bodyLength() > MAX_MESSAGE_BYTES) {
        throw new ProtocolViolationException("a too long message during the handshake");
      }
      var body = Body.ofMessage(reader.message());
      switch (reader.type()) {
        case Messages.AUTHENTICATION -> authenticate(body);
        case Messages.ERROR -> throw refused(ErrorFields.read(body));
        case Messages.NOTICE, Messages.NEGOTIATE_VERSION -> {}
        case Messages.PARAMETER_STATUS -> parameters.put(body.string(), body.string());
        case Messages.BACKEND_KEY_DATA -> {
          process = body.int32();
          secret = body.int32();
        }
        case Messages.READY_FOR_QUERY -> {
          if (!accepted) {
            throw new ProtocolViolationException("ready before it has signed the gateway in");
          }
          return new Upstream(connection, reader, parameters, process, secret);
        }
        default -> throw new ProtocolViolationException("an unexpected message in the handshake");
      }
    }
    throw new ProtocolViolationException("a handshake that does not end");
  }

  private static UpstreamException refused(ErrorFields error) {
    return new UpstreamException(
        error.sqlState(), "the target refused the gateway: " + error.message(), null);
  }

  private void authenticate(Body body) throws IOException {
    switch (body.int32()) {
      case 0 -> accept();
      case 3 -> sendPassword();
      case 10 -> beginScram(body);
      case 11 -> continueScram(rest(body));
      case 12 -> finishScram(rest(body));
      default ->
          throw new UpstreamException(
              "08004",
              "the target asks for a kind of authentication that is not supported; use"
                  + " scram-sha-256",
              null);
    }
  }

  private void accept() throws ProtocolViolationException {
    if (scram != null && !scramProved) {
      throw new ProtocolViolationException(
          "a server that has not proved that it knows the password");
    }
    accepted = true;
  }

  private void sendPassword() throws IOException {
    if (!connection.isProtected() || target.tls() != Target.Tls.VERIFY_FULL) {
      throw new UpstreamException(
          "08004",
          "the target asks for the password in clear, which only a verified TLS connection gets",
          null);
    }
    send(new MessageBuilder().begin(Messages.PASSWORD).string(credential.password().reveal()));
  }

  private void beginScram(Body body) throws IOException {
    List<String> mechanisms = new ArrayList<>();
    for (var name = body.string(); !name.isEmpty(); name = body.string()) {
      mechanisms.add(name);
    }
    if (!mechanisms.contains(SCRAM_SHA_256) || scram != null) {
      throw new UpstreamException("08004", "the target does not offer SCRAM-SHA-256", null);
    }
    scram =
        ScramClient.builder()
            .advertisedMechanisms(List.of(SCRAM_SHA_256))
            .username("*") // the server takes the name from the start-up message
            .password(credential.password().reveal().toCharArray())
            .build();
    var first = scram.clientFirstMessage().toString().getBytes(StandardCharsets.UTF_8);
    send(
        new MessageBuilder()
            .begin(Messages.PASSWORD)
            .string(SCRAM_SHA_256)
            .int32(first.length)
            .bytes(first));
  }

  private void continueScram(String message) throws IOException {
    var iterations = ITERATIONS.matcher(message);
    if (!iterations.find() || Long.parseLong(iterations.group(1)) > MAX_ITERATIONS) {
      throw new UpstreamException(
          "08004", "the target's SCRAM challenge asks for no or too many iterations", null);
    }
    byte[] last;
    try {
      begun().serverFirstMessage(message);
      last = begun().clientFinalMessage().toString().getBytes(StandardCharsets.UTF_8);
    } catch (ScramException | IllegalArgumentException e) {
      throw new UpstreamException("08004", "the target's SCRAM challenge is not valid", e);
    }
    send(new MessageBuilder().begin(Messages.PASSWORD).bytes(last));
  }

  private void finishScram(String message) throws IOException {
    try {
      begun().serverFinalMessage(message);
      scramProved = true;
    } catch (ScramException | IllegalArgumentException e) {
      throw new UpstreamException("08004", "the target does not know its own password", e);
    }
  }

  private ScramClient begun() throws ProtocolViolationException {
    var begun = scram;
    if (begun == null) {
      throw new ProtocolViolationException("a SCRAM message before its beginning");
    }
    return begun;
  }

  private static String rest(Body body) throws ProtocolViolationException {
    return new String(body.bytes(body.remaining()), StandardCharsets.UTF_8);
  }

  private void send(MessageBuilder message) throws IOException {
    connection.sink().write(message.end().toArray());
  }
}
