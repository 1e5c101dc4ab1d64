package dev.chaperone.wire;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** The gateway's own certificate and key, for listeners. TLS 1.2 and 1.3 only. */
public final class ServerTls {
  private final SSLContext context;

  /**
   * @param context initialised with the certificate chain and its private key
   */
  public ServerTls(SSLContext context) {
    this.context = context;
  }

  /** The context, for servers that make their own sockets. */
  public SSLContext context() {
    return context;
  }

  /**
   * @param consumed the beginning of the handshake as far as it has been read already; null for
   *     none
   * @param applicationProtocols what is offered by ALPN; a client that offers others alone is
   *     refused (RFC 7301, section 3.2), one without ALPN is not
   */
  SSLSocket accept(Socket tcp, byte @Nullable [] consumed, String... applicationProtocols)
      throws IOException {
    var socket =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(
                    tcp, consumed == null ? null : new ByteArrayInputStream(consumed), true);
    socket.setUseClientMode(false);
    socket.setEnabledProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
    var parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(applicationProtocols);
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }
}
