package dev.chaperone.wire;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** The gateway's end and the peer's end of one TCP connection over the loopback interface. */
record Pair(Connection ours, Socket peer) implements AutoCloseable {
  static Pair open() throws IOException {
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var peer = new Socket(server.getInetAddress(), server.getLocalPort());
      peer.setTcpNoDelay(true);
      peer.setSoTimeout(10_000);
      return new Pair(new Connection(server.accept()), peer);
    }
  }

  void send(byte[] bytes) throws IOException {
    peer.getOutputStream().write(bytes);
  }

  @Override
  public void close() throws IOException {
    ours.close();
    peer.close();
  }
}
