package dev.chaperone.postgres.session;

import dev.chaperone.testing.PgMessages;
import dev.chaperone.testing.TestCertificates;
import dev.chaperone.testing.TestPostgres;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * Somebody in the middle with a certificate that is trusted too: ends TLS on both sides, and may
 * change what the server says first.
 */
final class TlsInterceptor implements AutoCloseable {
  private final TestPostgres postgres;
  private final SSLContext shown;
  private final UnaryOperator<byte[]> first;
  private final ServerSocket listener;
  private final List<Socket> open = new CopyOnWriteArrayList<>();

  /**
   * @param first what to make of the body of the server's first message
   */
  TlsInterceptor(
      TestPostgres postgres, TestCertificates.Server certificate, UnaryOperator<byte[]> first)
      throws IOException {
    this.postgres = postgres;
    this.shown = postgres.certificates().serverContext(certificate);
    this.first = first;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().name("interceptor").start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        var socket = listener.accept();
        open.add(socket);
        Thread.ofVirtual().name("intercepted").start(() -> serve(socket));
      } catch (IOException e) {
        // Closed, which ends the loop.
      }
    }
  }

  private void serve(Socket plain) {
    try (plain;
        var server = new Socket(InetAddress.getLoopbackAddress(), postgres.port())) {
      open.add(server);
      plain.getInputStream().readNBytes(8);
      plain.getOutputStream().write('S');
      server.getOutputStream().write(PgMessages.tlsRequest().bytes());
      server.getInputStream().readNBytes(1);
      var towardsClient = (SSLSocket) shown.getSocketFactory().createSocket(plain, null, 0, true);
      towardsClient.setUseClientMode(false);
      var towardsServer =
          (SSLSocket)
              postgres
                  .certificates()
                  .clientContext()
                  .getSocketFactory()
                  .createSocket(server, postgres.host(), postgres.port(), true);
      Thread.ofVirtual().start(() -> copy(towardsClient, towardsServer));
      var in = new DataInputStream(towardsServer.getInputStream());
      int type = in.read();
      var body = first.apply(in.readNBytes(in.readInt() - 4));
      var out = towardsClient.getOutputStream();
      out.write(
          ByteBuffer.allocate(5 + body.length)
              .put((byte) type)
              .putInt(4 + body.length)
              .put(body)
              .array());
      copy(in, out);
    } catch (IOException e) {
      // One side left.
    }
  }

  private static void copy(SSLSocket from, SSLSocket to) {
    try {
      copy(from.getInputStream(), to.getOutputStream());
    } catch (IOException e) {
      // One side left.
    }
  }

  private static void copy(InputStream from, OutputStream to) throws IOException {
    var bytes = new byte[8 << 10];
    for (int count = from.read(bytes); count >= 0; count = from.read(bytes)) {
      to.write(bytes, 0, count);
      to.flush();
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (var socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
