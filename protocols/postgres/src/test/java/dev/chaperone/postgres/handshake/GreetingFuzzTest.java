package dev.chaperone.postgres.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaperone.postgres.wire.ProtocolViolationException;
import dev.chaperone.testing.PgFrame;
import dev.chaperone.testing.PgMessages;
import dev.chaperone.testing.TestCertificates;
import dev.chaperone.wire.Connection;
import dev.chaperone.wire.ServerTls;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A connection's first bytes, broken at random: a request, a refusal or an end, nothing else. */
@Timeout(60)
final class GreetingFuzzTest {
  private static final List<PgFrame> REQUESTS =
      List.of(
          PgMessages.tlsRequest(),
          PgMessages.gssRequest(),
          PgMessages.cancel(7, new byte[32]),
          PgMessages.startup(Map.of("user", "me", "_pq_.x", "1")),
          PgMessages.startup(3 << 16 | 9999, Map.of("user", "me")));

  @Test
  void firstBytesAreRequestsOrRefused(@TempDir Path directory) throws IOException {
    var certificates = TestCertificates.in(directory);
    var tls = new ServerTls(certificates.serverContext(certificates.server("us", "localhost")));
    long seed = new Random().nextLong();
    var random = new Random(seed);
    int understood = 0;
    int refused = 0;
    try (var listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      for (int i = 0; i < 2_000; i++) {
        try (var client = new Socket(listener.getInetAddress(), listener.getLocalPort());
            var ours = new Connection(listener.accept())) {
          client.getOutputStream().write(broken(random));
          client.shutdownOutput();
          var request = new ClientGreeting(tls, ours).request();
          understood += request instanceof ClientGreeting.Request.Left ? 0 : 1;
        } catch (IOException e) {
          refused += e instanceof ProtocolViolationException ? 1 : 0;
        } catch (RuntimeException e) {
          throw new AssertionError("seed " + seed + ", round " + i, e);
        }
      }
    }
    assertThat(understood).as("seed %d", seed).isPositive();
    assertThat(refused).as("seed %d", seed).isPositive();
  }

  private static byte[] broken(Random random) {
    var bytes = new ByteArrayOutputStream();
    for (int j = random.nextInt(1, 3); j > 0; j--) {
      bytes.writeBytes(REQUESTS.get(random.nextInt(REQUESTS.size())).bytes());
    }
    var broken = bytes.toByteArray();
    for (int j = random.nextInt(3); j > 0; j--) {
      broken[random.nextInt(broken.length)] = (byte) random.nextInt();
    }
    return random.nextInt(4) == 0
        ? java.util.Arrays.copyOf(broken, random.nextInt(broken.length + 1))
        : broken;
  }
}
