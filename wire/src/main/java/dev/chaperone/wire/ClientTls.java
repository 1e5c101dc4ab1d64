package dev.chaperone.wire;

import java.io.IOException;
import java.net.Socket;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * How a connection to a resource is protected.
 *
 * @param context trusts the authorities that count for this resource
 * @param host the name that the certificate must carry, when {@code verifyHost}
 * @param port the resource's port
 * @param verifyHost whether the host name is checked (RFC 9525)
 * @param applicationProtocols what is offered by ALPN (RFC 7301); none leaves the extension out
 */
public record ClientTls(
    SSLContext context,
    String host,
    int port,
    boolean verifyHost,
    List<String> applicationProtocols) {
  public ClientTls {
    applicationProtocols = List.copyOf(applicationProtocols);
  }

  SSLSocket connect(Socket tcp) throws IOException {
    var socket = (SSLSocket) context.getSocketFactory().createSocket(tcp, host, port, true);
    socket.setUseClientMode(true);
    socket.setEnabledProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
    var parameters = socket.getSSLParameters();
    if (verifyHost) {
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
    }
    parameters.setApplicationProtocols(applicationProtocols.toArray(String[]::new));
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }
}
