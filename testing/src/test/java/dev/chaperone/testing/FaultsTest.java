package dev.chaperone.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chaperone.testing.Faults.Direction;
import dev.chaperone.testing.RawPostgres.EndOfStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FaultsTest {
  private static final TestPostgres SERVER = TestPostgres.shared();

  private static RawPostgres signedIn(Faults faults) {
    return RawPostgres.signedIn(
        "localhost",
        faults.port(),
        SERVER.certificates().clientContext(),
        TestPostgres.APP,
        "postgres",
        TestPostgres.APP_PASSWORD);
  }

  @Test
  void cutEndsOpenConnectionsAndNewOnesStillWork() {
    try (var faults = Faults.before("localhost", SERVER.port());
        var client = signedIn(faults)) {
      faults.cut();
      assertThatThrownBy(() -> client.query("SELECT 1")).isInstanceOf(EndOfStream.class);
      try (var other = signedIn(faults)) {
        assertThat(other.query("SELECT 1")).isNotEmpty();
      }
      faults.refuse(true);
      assertThatThrownBy(() -> signedIn(faults)).isInstanceOf(RuntimeException.class);
    }
  }

  @Test
  void stalledBytesArriveOnceTheStallEnds() {
    try (var faults = Faults.before("localhost", SERVER.port());
        var client = signedIn(faults)) {
      faults.stall(Direction.TO_CLIENT, true);
      client.send(PgMessages.query("SELECT 1"));
      assertThat(client.poll(Duration.ofMillis(100))).isNull();
      faults.stall(Direction.TO_CLIENT, false);
      assertThat(client.readUntilReady()).isNotEmpty();
    }
  }

  @Test
  void delayHoldsAnswersBack() {
    try (var faults = Faults.before("localhost", SERVER.port());
        var client = signedIn(faults)) {
      faults.delay(Direction.TO_CLIENT, Duration.ofMillis(150));
      long before = System.nanoTime();
      client.query("SELECT 1");
      assertThat(Duration.ofNanos(System.nanoTime() - before))
          .isGreaterThan(Duration.ofMillis(149));
    }
  }

  @Test
  void capturesWhatPassesAndCutsAfterSoManyBytes() {
    try (var faults = Faults.before("localhost", SERVER.port());
        var client = RawPostgres.plain("localhost", faults.port())) {
      faults.cutAfter(Direction.TO_SERVER, 20);
      client.send(PgMessages.startup(Map.of("user", "somebody")));
      assertThat(client.isClosedWithin(Duration.ofSeconds(5))).isTrue();
      assertThat(new String(faults.captured(Direction.TO_SERVER), StandardCharsets.US_ASCII))
          .hasSize(20)
          .contains("user\0somebo");
      Await.until("both sides are closed", () -> faults.openSockets() == 0);
    }
  }
}
