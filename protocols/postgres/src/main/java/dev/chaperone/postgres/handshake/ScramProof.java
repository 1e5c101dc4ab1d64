package dev.chaperone.postgres.handshake;

import com.ongres.scram.client.ScramClient;
import com.ongres.scram.common.exception.ScramException;
import com.ongres.scram.common.util.TlsServerEndpoint;
import dev.chaperone.postgres.wire.MessageBuilder;
import dev.chaperone.postgres.wire.Messages;
import dev.chaperone.postgres.wire.ProtocolViolationException;
import dev.chaperone.wire.Connection;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * SCRAM-SHA-256 (RFC 7677), bound to the server's certificate where the server offers that ({@code
 * tls-server-end-point} of RFC 5929). Under TLS a server that does not offer it is told that the
 * gateway could: one that did offer it, and was kept from saying so, refuses then (RFC 5802,
 * section 6).
 */
final class ScramProof {
  private static final String MECHANISM = "SCRAM-SHA-256";
  private static final String BOUND_MECHANISM = "SCRAM-SHA-256-PLUS";

  /** About a second of work; the server's default is 4096. */
  private static final long MAX_ITERATIONS = 1_000_000;

  private static final Pattern ITERATIONS = Pattern.compile(",i=([0-9]{1,10})(?:,|$)");

  private final ScramClient client;
  private boolean proved;

  /**
   * @param offered the mechanisms that the server offers
   */
  ScramProof(Connection connection, List<String> offered, String password)
      throws UpstreamException {
    if (offered.contains(BOUND_MECHANISM) && !connection.isProtected()) {
      throw refused("the target offers a binding to TLS where there is no TLS", null);
    }
    var endPoint = endPoint(connection);
    boolean bound = endPoint != null && offered.contains(BOUND_MECHANISM);
    if (!bound && !offered.contains(MECHANISM)) {
      throw refused("the target does not offer SCRAM-SHA-256", null);
    }
    var builder =
        ScramClient.builder()
            .advertisedMechanisms(List.of(bound ? BOUND_MECHANISM : MECHANISM))
            .username("*") // the server takes the name from the start-up message
            .password(password.toCharArray());
    if (endPoint != null) {
      builder.channelBinding(TlsServerEndpoint.TLS_SERVER_END_POINT, endPoint);
    }
    this.client = builder.build();
  }

  /** Null without TLS, and for a certificate whose signature names no digest. */
  private static byte @Nullable [] endPoint(Connection connection) {
    var certificate = connection.peerCertificate();
    if (certificate.isEmpty()) {
      return null;
    }
    try {
      var data = TlsServerEndpoint.getChannelBindingData(certificate.get());
      return data == null || data.length == 0 ? null : data;
    } catch (CertificateEncodingException e) {
      return null;
    }
  }

  /** The first message. */
  MessageBuilder first() {
    var first = client.clientFirstMessage().toString().getBytes(StandardCharsets.UTF_8);
    return new MessageBuilder()
        .begin(Messages.PASSWORD)
        .string(client.getScramMechanism().getName())
        .int32(first.length)
        .bytes(first);
  }

  /** The answer to the server's challenge. */
  MessageBuilder answer(String challenge) throws UpstreamException {
    var iterations = ITERATIONS.matcher(challenge);
    if (!iterations.find() || Long.parseLong(iterations.group(1)) > MAX_ITERATIONS) {
      throw refused("the target's SCRAM challenge asks for no or too many iterations", null);
    }
    try {
      client.serverFirstMessage(challenge);
      var last = client.clientFinalMessage().toString().getBytes(StandardCharsets.UTF_8);
      return new MessageBuilder().begin(Messages.PASSWORD).bytes(last);
    } catch (ScramException | IllegalArgumentException | IllegalStateException e) {
      throw refused("the target's SCRAM challenge is not valid", e);
    }
  }

  /** The server's own proof. */
  void end(String proof) throws UpstreamException, ProtocolViolationException {
    try {
      client.serverFinalMessage(proof);
      proved = true;
    } catch (IllegalStateException e) {
      throw new ProtocolViolationException("a SCRAM message before its turn");
    } catch (ScramException | IllegalArgumentException e) {
      throw refused("the target does not know its own password", e);
    }
  }

  /** Whether the server has proved that it knows the password. */
  boolean isProved() {
    return proved;
  }

  private static UpstreamException refused(String message, @Nullable Throwable cause) {
    return new UpstreamException("08004", message, cause);
  }
}
