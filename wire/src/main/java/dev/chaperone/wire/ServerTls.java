package dev.chaperone.wire;

import java.io.IOException;
import java.net.Socket;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

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

  SSLSocket accept(Socket tcp) throws IOException {
    var socket =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(tcp, tcp.getInetAddress().getHostAddress(), tcp.getPort(), true);
    socket.setUseClientMode(false);
    socket.setEnabledProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
    socket.startHandshake();
    return socket;
  }
}
