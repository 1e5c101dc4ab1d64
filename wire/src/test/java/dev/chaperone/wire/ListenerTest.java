package dev.chaperone.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chaperone.testing.Await;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ListenerTest {
  @Test
  void whoeverIsBeyondTheBoundIsClosedAtOnceUntilOneLeaves() throws Exception {
    try (var listener = listener(2, ListenerTest::echo)) {
      try (var first = connect(listener);
          var second = connect(listener)) {
        assertThat(echoes(first)).isTrue();
        assertThat(echoes(second)).isTrue();
        try (var third = connect(listener)) {
          assertThat(echoes(third)).isFalse();
        }
        first.shutdownOutput();
        Await.until("room again", () -> echoesOnce(listener));
        assertThat(echoes(second)).isTrue();
      }
    }
  }

  @Test
  void closingEndsEveryConnectionAndAcceptsNoMore() throws Exception {
    var listener = listener(10, ListenerTest::echo);
    try (var client = connect(listener)) {
      assertThat(echoes(client)).isTrue();
      listener.close();
      assertThat(echoes(client)).isFalse();
      assertThat(serves(listener)).isFalse();
    }
  }

  /** Whether a new client is served; another program may have been given the port by then. */
  private static boolean serves(Listener listener) throws Exception {
    try (var client = connect(listener)) {
      return echoes(client);
    } catch (ConnectException e) {
      return false;
    }
  }

  @Test
  void aServerThatFailsClosesItsConnectionAndNoOther() throws Exception {
    var failures = new AtomicInteger();
    Consumer<Connection> serve =
        connection -> {
          if (failures.getAndIncrement() == 0) {
            Thread.currentThread().setUncaughtExceptionHandler((_, _) -> {});
            throw new IllegalStateException("a fault of the server");
          }
          echo(connection);
        };
    try (var listener = listener(1, serve)) {
      try (var unlucky = connect(listener)) {
        assertThat(unlucky.getInputStream().read()).isEqualTo(-1);
      }
      Await.until("served again", () -> echoesOnce(listener));
    }
  }

  @Test
  void anAddressThatIsTakenIsNamed() throws Exception {
    try (var listener = listener(1, ListenerTest::echo)) {
      assertThatThrownBy(() -> Listener.open("t", listener.address(), 1, _ -> {}))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(String.valueOf(listener.address().getPort()));
    }
  }

  @Test
  void connectionsBeyondThePlatformThreadsAreServedByVirtualOnes() throws Exception {
    var threads = new SessionThreads(2);
    var release = new CountDownLatch(1);
    var virtual = new CopyOnWriteArrayList<Boolean>();
    var started = new ArrayList<Thread>();
    for (int i = 0; i < 4; i++) {
      started.add(
          threads.start(
              "t" + i,
              () -> {
                virtual.add(Thread.currentThread().isVirtual());
                awaitQuietly(release);
              }));
    }
    Await.until("all run", () -> virtual.size() == 4);
    assertThat(virtual).containsExactlyInAnyOrder(false, false, true, true);
    release.countDown();
    for (var thread : started) {
      assertThat(thread.isDaemon()).isTrue();
      thread.join();
    }
    assertThat(threads.start("again", () -> {}).isVirtual()).as("room again").isFalse();
  }

  @Test
  void aConnectionThatIsNotDoneInTimeIsClosedHoweverBusyItIs() throws Exception {
    try (var deadlines = new Deadlines();
        var pair = Pair.open()) {
      var trickle = Thread.ofVirtual().start(() -> trickle(pair));
      try (var _ = deadlines.closeAfter(pair.ours(), Duration.ofMillis(200))) {
        assertThatThrownBy(() -> drain(pair.ours())).isInstanceOf(SocketException.class);
      }
      pair.peer().close();
      trickle.join();
    }
  }

  @Test
  void aDeadlineThatWasMetClosesNothing() throws Exception {
    try (var deadlines = new Deadlines();
        var pair = Pair.open();
        var other = Pair.open()) {
      deadlines.closeAfter(pair.ours(), Duration.ofMillis(300)).close();
      deadlines.closeAfter(other.ours(), Duration.ofMillis(400));
      assertThat(other.peer().getInputStream().read()).as("a later one ran").isEqualTo(-1);
      pair.send(new byte[] {3});
      assertThat(pair.ours().input().read()).isEqualTo(3);
    }
  }

  private static Listener listener(int most, Consumer<Connection> serve) throws IOException {
    var any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    return Listener.open("test", any, most, serve);
  }

  private static Socket connect(Listener listener) throws IOException {
    var socket = new Socket(listener.address().getAddress(), listener.address().getPort());
    socket.setSoTimeout(10_000);
    return socket;
  }

  private static void echo(Connection connection) {
    try {
      for (int b = connection.input().read(); b >= 0; b = connection.input().read()) {
        connection.sink().write(new byte[] {(byte) b});
      }
    } catch (IOException closed) {
      connection.close();
    }
  }

  private static boolean echoesOnce(Listener listener) {
    try (var client = connect(listener)) {
      return echoes(client);
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean echoes(Socket client) {
    try {
      client.getOutputStream().write(42);
      return client.getInputStream().read() == 42;
    } catch (IOException closed) {
      return false;
    }
  }

  private static void drain(Connection connection) throws IOException {
    int last = 0;
    while (last >= 0) {
      last = connection.input().read();
    }
  }

  private static void trickle(Pair pair) {
    try {
      while (true) {
        pair.send(new byte[] {1});
        Thread.sleep(5);
      }
    } catch (IOException | InterruptedException over) {
      return;
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
