package dev.chaperone.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class HandshakesTest {
  private final List<AutoCloseable> open = new ArrayList<>();
  private final ServerSocket listener;

  HandshakesTest() throws IOException {
    this.listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
  }

  @AfterEach
  void close() throws Exception {
    listener.close();
    for (var one : open) {
      one.close();
    }
  }

  /** A connection from this loopback address. */
  private Connection from(String origin) throws IOException {
    var socket =
        new Socket(
            listener.getInetAddress(), listener.getLocalPort(), InetAddress.getByName(origin), 0);
    open.add(socket);
    var accepted = new Connection(listener.accept());
    open.add(accepted);
    return accepted;
  }

  @Test
  void theLongestOfTheBusiestAddressMakesRoom() throws IOException {
    var handshakes = new Handshakes(3);
    var lone = handshakes.begin(from("127.0.0.9"));
    var first = handshakes.begin(from("127.0.0.1"));
    var second = handshakes.begin(from("127.0.0.1"));
    var third = handshakes.begin(from("127.0.0.1"));
    assertThat(lone.isEvicted()).isFalse();
    assertThat(first.isEvicted()).isTrue();
    assertThat(second.isEvicted()).isFalse();
    var another = handshakes.begin(from("127.0.0.8"));
    assertThat(second.isEvicted()).isTrue();
    assertThat(handshakes.count()).isEqualTo(3);
    third.close();
    third.close();
    assertThat(handshakes.count()).isEqualTo(2);
    handshakes.begin(from("127.0.0.1"));
    assertThat(another.isEvicted()).isFalse();
    assertThat(lone.isEvicted()).isFalse();
  }

  @Test
  void whoMakesRoomIsClosed() throws IOException {
    var handshakes = new Handshakes(1);
    var first = from("127.0.0.1");
    handshakes.begin(first);
    handshakes.begin(from("127.0.0.1"));
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> first.input().read())
        .isInstanceOf(IOException.class);
  }
}
