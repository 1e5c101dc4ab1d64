package dev.chaperone.postgres.handshake;

import dev.chaperone.core.target.Target;
import dev.chaperone.postgres.handshake.UpstreamException.Scope;
import dev.chaperone.postgres.wire.MessageBuilder;
import dev.chaperone.wire.ClientTls;
import dev.chaperone.wire.Connection;
import dev.chaperone.wire.Trust;
import java.io.EOFException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;

/** TLS towards targets, as each one's configuration says. Safe for many threads. */
final class UpstreamTls {
  private static final int SSL_REQUEST = 80877103;
  private static final int MAX_CONTEXTS = 100;

  private final Map<String, SSLContext> contexts =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, SSLContext> eldest) {
          return size() > MAX_CONTEXTS;
        }
      };

  /** The connection as the target wants it: {@code tcp} itself, or TLS over it. Blocks. */
  Connection protect(Connection tcp, Target target, Target.Credential credential)
      throws IOException {
    if (target.tls() == Target.Tls.OFF) {
      return tcp;
    }
    try {
      if (ask(tcp) != 'S') {
        // An error's text would come from whoever stands in between, so it is not read.
        throw new UpstreamException("08001", "the target does not offer TLS", null);
      }
      boolean verify = target.tls() == Target.Tls.VERIFY_FULL;
      return tcp.startTls(
          new ClientTls(
              context(target, credential, verify),
              target.host(),
              target.port(),
              verify,
              List.of(ClientGreeting.APPLICATION_PROTOCOL)));
    } catch (UpstreamException e) {
      throw e;
    } catch (IOException e) {
      throw new UpstreamException("08001", "TLS with the target failed: " + e.getMessage(), e);
    }
  }

  /** The answer to a request for TLS; whoever gives none may be another's stand-in. */
  private static int ask(Connection tcp) throws UpstreamException {
    try {
      tcp.sink().write(new MessageBuilder().beginUntyped().int32(SSL_REQUEST).end().toArray());
      int answer = tcp.input().read();
      if (answer < 0) {
        throw new EOFException("it closed the connection");
      }
      return answer;
    } catch (IOException e) {
      throw new UpstreamException(
          "08001", "the target does not answer: " + e.getMessage(), e, Scope.ADDRESS);
    }
  }

  private SSLContext context(Target target, Target.Credential credential, boolean verify)
      throws IOException {
    var authority = target.authority();
    try {
      var certificate = credential.certificate();
      if (certificate != null) {
        var shown = certificate.read(); // anew each time, so that an exchanged one counts at once
        return verify ? Trust.authorities(authority, shown) : Trust.anyCertificate(shown);
      }
      return shared(verify ? "verify " + (authority == null ? "" : authority) : "any", target);
    } catch (GeneralSecurityException e) {
      throw new UpstreamException(
          "08001", "the target's authority cannot be used: " + e.getMessage(), e);
    }
  }

  /** Making one reads all authorities of the platform, and keeps what sessions resume from. */
  private synchronized SSLContext shared(String key, Target target)
      throws GeneralSecurityException {
    var known = contexts.get(key);
    if (known != null) {
      return known;
    }
    var made =
        target.tls() == Target.Tls.VERIFY_FULL
            ? Trust.authorities(target.authority(), null)
            : Trust.anyCertificate(null);
    contexts.put(key, made);
    return made;
  }
}
