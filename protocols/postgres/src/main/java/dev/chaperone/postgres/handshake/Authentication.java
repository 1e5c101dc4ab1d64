package dev.chaperone.postgres.handshake;

import dev.chaperone.core.target.Secret;
import dev.chaperone.core.target.Target;
import dev.chaperone.postgres.wire.Body;
import dev.chaperone.postgres.wire.MessageBuilder;
import dev.chaperone.postgres.wire.Messages;
import dev.chaperone.postgres.wire.ProtocolViolationException;
import dev.chaperone.wire.Connection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Proves a credential to a server, by the one method that the server asks for (PostgreSQL 18
 * documentation, section 54.2.1).
 */
final class Authentication {
  private static final int MAX_MECHANISMS = 20;
  private static final int MD5_SALT_BYTES = 4;

  private final Connection connection;
  private final Target target;
  private final Target.Credential credential;
  private boolean proving;
  private boolean accepted;
  private @Nullable ScramProof scram;

  Authentication(Connection connection, Target target, Target.Credential credential) {
    this.connection = connection;
    this.target = target;
    this.credential = credential;
  }

  /** Whether the server is satisfied, and has proved itself as far as the method has it do so. */
  boolean isAccepted() {
    return accepted;
  }

  /** Answers an authentication request. */
  void take(Body body) throws IOException {
    if (accepted) {
      throw new ProtocolViolationException("an authentication request after its end");
    }
    switch (body.int32()) {
      case 0 -> accept();
      case 3 -> clearText();
      case 5 -> md5(body.bytes(MD5_SALT_BYTES));
      case 10 -> beginScram(body);
      case 11 -> send(begun().answer(rest(body)));
      case 12 -> begun().end(rest(body));
      default ->
          throw refusing(
              "the target asks for a kind of authentication that is not supported; use"
                  + " scram-sha-256");
    }
  }

  private void accept() throws ProtocolViolationException {
    if (scram != null && !scram.isProved()) {
      throw new ProtocolViolationException(
          "a server that has not proved that it knows the password");
    }
    accepted = true;
  }

  private void clearText() throws IOException {
    if (!connection.isProtected() || target.tls() != Target.Tls.VERIFY_FULL) {
      throw refusing(
          "the target asks for the password in clear, which only a verified TLS connection gets");
    }
    send(new MessageBuilder().begin(Messages.PASSWORD).string(password()));
  }

  /** {@code md5(md5(password, user), salt)}, in hexadecimal each. */
  private void md5(byte[] salt) throws IOException {
    var inner =
        md5Hex((password() + credential.user()).getBytes(StandardCharsets.UTF_8), new byte[0]);
    var outer = md5Hex(inner.getBytes(StandardCharsets.US_ASCII), salt);
    send(new MessageBuilder().begin(Messages.PASSWORD).string("md5" + outer));
  }

  private static String md5Hex(byte[] first, byte[] second) throws IOException {
    try {
      var digest = MessageDigest.getInstance("MD5");
      digest.update(first);
      return HexFormat.of().formatHex(digest.digest(second));
    } catch (NoSuchAlgorithmException e) {
      throw refusing("the target asks for an MD5 digest, which this Java does not have");
    }
  }

  private void beginScram(Body body) throws IOException {
    List<String> mechanisms = new ArrayList<>();
    for (var name = body.string(); !name.isEmpty(); name = body.string()) {
      if (mechanisms.size() == MAX_MECHANISMS) {
        throw new ProtocolViolationException("too many authentication mechanisms");
      }
      mechanisms.add(name);
    }
    var begun = new ScramProof(connection, mechanisms, password());
    scram = begun;
    send(begun.first());
  }

  private ScramProof begun() throws ProtocolViolationException {
    var begun = scram;
    if (begun == null) {
      throw new ProtocolViolationException("a SCRAM message before its beginning");
    }
    return begun;
  }

  /** The password, for the one proof that a handshake has. */
  private String password() throws IOException {
    if (proving) {
      throw new ProtocolViolationException("a second request for the password");
    }
    proving = true;
    Secret password = credential.password();
    if (password == null) {
      throw refusing("the target asks for a password, and its credential has a certificate alone");
    }
    return password.reveal();
  }

  private static UpstreamException refusing(String message) {
    return new UpstreamException("08004", message, null);
  }

  private static String rest(Body body) throws ProtocolViolationException {
    return new String(body.bytes(body.remaining()), StandardCharsets.UTF_8);
  }

  private void send(MessageBuilder message) throws IOException {
    connection.sink().write(message.end().toArray());
  }
}
