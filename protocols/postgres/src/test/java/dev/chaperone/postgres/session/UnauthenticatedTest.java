package dev.chaperone.postgres.session;

import static dev.chaperone.postgres.session.Shown.texts;
import static dev.chaperone.testing.PgMessages.startup;
import static dev.chaperone.testing.PgMessages.tlsRequest;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chaperone.testing.TestPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many who do not sign in, and one who does. */
@Timeout(120)
final class UnauthenticatedTest {
  private static final int SILENT = 1_000;

  /** Ways to be silent: at once, after a request for TLS, in the middle of a message. */
  private static final byte[][] BEGINNINGS = {
    {}, tlsRequest().bytes(), {22, 3}, startup(Map.of("user", "x")).bytes(), {0, 0}
  };

  @Test
  void aThousandSilentClientsChangeNothingForTheNextOne(@TempDir Path directory) throws Exception {
    var postgres = TestPostgres.shared();
    var silent = new ArrayList<Socket>();
    try (var gateway =
        new TestGateway(
            postgres, postgres.createDatabase(), directory.resolve("j"), TestGateway.POLICY)) {
      gateway.through().close(); // the first one compiles much
      var before = signIn(gateway);
      // From another address: failures of the same would be slowed down, which is another rule.
      var elsewhere = InetAddress.getByName("127.0.0.5");
      for (int i = 0; i < SILENT; i++) {
        var socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port(), elsewhere, 0);
        silent.add(socket);
        if (i % BEGINNINGS.length != 3) {
          socket.getOutputStream().write(BEGINNINGS[i % BEGINNINGS.length]);
        }
      }
      assertThat(isClosed(silent.getFirst())).as("the first made room").isTrue();
      var among = signIn(gateway);
      assertThat(among).as("before: %s", before).isLessThan(before.plusSeconds(3));
      gateway.awaitEntry("signin.failed", "closed before it had signed in");
      assertThat(gateway.entries())
          .filteredOn(entry -> entry.contains("closed before it had signed in"))
          .as("one a second at most")
          .hasSizeLessThan(60);
    } finally {
      for (var socket : silent) {
        socket.close();
      }
    }
  }

  private static Duration signIn(TestGateway gateway) {
    long began = System.nanoTime();
    try (var client = gateway.through()) {
      assertThat(texts(client.query("SELECT 1"))).containsExactly("1");
    }
    return Duration.ofNanos(System.nanoTime() - began);
  }

  private static boolean isClosed(Socket socket) throws IOException {
    socket.setSoTimeout(10_000);
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketException e) {
      return true; // reset, since what it had sent was not read
    }
  }
}
