package dev.chaperone.postgres.session;

import static dev.chaperone.postgres.session.Shown.error;
import static dev.chaperone.postgres.session.Shown.texts;
import static dev.chaperone.postgres.session.Shown.types;
import static dev.chaperone.testing.PgMessages.bind;
import static dev.chaperone.testing.PgMessages.execute;
import static dev.chaperone.testing.PgMessages.parse;
import static dev.chaperone.testing.PgMessages.query;
import static dev.chaperone.testing.PgMessages.sync;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chaperone.testing.PgFrame;
import dev.chaperone.testing.RawPostgres;
import dev.chaperone.testing.TestPostgres;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is too much is refused in its place or waits; nobody else notices. */
@Timeout(120)
final class BoundsTest {
  private static TestGateway gateway;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    var postgres = TestPostgres.shared();
    gateway =
        new TestGateway(
            postgres, postgres.createDatabase(), directory.resolve("journal"), TestGateway.POLICY);
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @Test
  void aTextThatIsTooLongIsRefusedInItsPlaceAndTheSessionGoesOn() {
    var tooLong = "SELECT 1 /*" + "x".repeat(1_100_000) + "*/";
    try (var client = gateway.through()) {
      var answer = client.query(tooLong);
      assertThat(types(answer)).isEqualTo("EZ");
      assertThat(error(answer)).isEqualTo("54000");
      client.send(
          parse("", "SELECT 1"),
          bind("", ""),
          execute("", 0),
          parse("", tooLong),
          bind("", ""),
          execute("", 0),
          sync());
      answer = client.readUntilReady();
      assertThat(types(answer)).isEqualTo("12DCEZ");
      assertThat(error(answer)).isEqualTo("54000");
      assertThat(texts(client.query("SELECT 2"))).containsExactly("2");
    }
  }

  @Test
  void valuesThatAreTooLongAreRefusedInTheirPlaceAndTheSessionGoesOn() {
    try (var client = gateway.through()) {
      client.send(
          parse("", "SELECT length($1::text)"), bind("", "", "x".repeat(17 << 20)),
          execute("", 0), sync());
      var answer = client.readUntilReady();
      assertThat(error(answer)).isEqualTo("54000");
      assertThat(answer.getLast().type()).isEqualTo('Z');
      client.send(
          parse("", "SELECT length($1::text)"), bind("", "", "x".repeat(4 << 20)),
          execute("", 0), sync());
      assertThat(texts(client.readUntilReady())).containsExactly("" + (4 << 20));
    }
  }

  @Test
  void aRowOfFortyMebibytesStreamsThrough() {
    try (var client = gateway.through()) {
      for (var limit : new int[] {0, 5}) {
        client.send(
            parse("", "SELECT repeat('x', 40 * 1024 * 1024)"), bind("", ""),
            execute("", limit), sync());
        var row = client.readUntil('D').getLast();
        assertThat(row.body()).hasSize(6 + (40 << 20));
        client.readUntilReady();
      }
      assertThat(texts(client.query("SELECT 2"))).containsExactly("2");
    }
  }

  private static long used() {
    System.gc();
    var runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  @Test
  void aSlowReaderHoldsUpItselfAndNobodyElse() {
    long before = used();
    try (var slow = gateway.through();
        var other = gateway.through()) {
      slow.send(query("SELECT i, repeat('x', 65000) FROM generate_series(1, 1000) i"));
      slow.readUntil('T');
      assertThat(texts(other.query("SELECT 2"))).containsExactly("2");
      slow.read();
      assertThat(texts(other.query("SELECT pg_sleep(1), 3"))).contains("3");
      assertThat(used() - before).as("bytes of 64 MB that are held").isLessThan(24 << 20);
      int rows = 1;
      for (var frame = slow.read(); frame.type() != 'Z'; frame = slow.read()) {
        rows += frame.type() == 'D' ? 1 : 0;
      }
      assertThat(rows).isEqualTo(1000);
    }
  }

  @Test
  void aPipelineLongerThanTheQueueIsAnsweredWhole() throws Exception {
    int syncs = 20_000;
    try (var client = gateway.through()) {
      var many = ByteBuffer.allocate(syncs * 5);
      for (int i = 0; i < syncs; i++) {
        many.put(sync().bytes());
      }
      var sender = CompletableFuture.runAsync(() -> client.sendRaw(many.array()));
      for (int i = 0; i < syncs; i++) {
        assertThat(client.read().type()).isEqualTo('Z');
      }
      sender.join();
    }
  }

  @Test
  void preparedNamesAreBounded() {
    var names = new Names<String>();
    for (int i = 0; i < Names.MAX_NAMES; i++) {
      assertThat(names.hasRoom()).isTrue();
      names.confirm("s" + i, "text");
    }
    assertThat(names.hasRoom()).isFalse();
    names.confirm("s1", null);
    assertThat(names.hasRoom()).isTrue();
    names.change("s1", "another");
    assertThat(names.hasRoom()).isFalse();
  }

  @Test
  void brokenRequestsEndTheirSessionWithAClearErrorOrAreAnswered() throws Exception {
    long seed = new Random().nextLong();
    var random = new Random(seed);
    var frames =
        List.of(
            query("SELECT 1"),
            parse("s", "SELECT $1::int", 23),
            bind("p", "s", "5"),
            dev.chaperone.testing.PgMessages.describePortal("p"),
            execute("p", 1),
            dev.chaperone.testing.PgMessages.closeStatement("s"),
            dev.chaperone.testing.PgMessages.flush(),
            PgFrame.of('F', new byte[9]),
            PgFrame.of('d', new byte[9]),
            sync());
    try (var witness = gateway.through()) {
      for (int i = 0; i < 40; i++) {
        try (var client = gateway.through()) {
          for (int j = random.nextInt(1, 12); j > 0; j--) {
            var bytes = frames.get(random.nextInt(frames.size())).bytes();
            client.sendRaw(random.nextInt(4) == 0 ? LyingTargetTest.mutated(bytes, random) : bytes);
          }
          client.send(sync());
          readSome(client);
        } catch (RawPostgres.EndOfStream e) {
          assertThat(e).hasMessageNotContaining("internal");
        }
      }
      assertThat(texts(witness.query("SELECT 7"))).as("seed %d", seed).containsExactly("7");
    }
    assertThat(gateway.entries()).as("seed %d", seed).noneMatch(e -> e.contains("internal error"));
  }

  private static void readSome(RawPostgres client) {
    for (int i = 0; i < 60; i++) {
      if (client.poll(Duration.ofMillis(100)) == null) {
        return;
      }
    }
  }

  @Test
  void aRequestOfOneGibibyteIsNotBelieved() {
    try (var client = gateway.through()) {
      client.sendRaw(ByteBuffer.allocate(5).put((byte) 'D').putInt(1 << 30).array());
      client.sendRaw(new byte[100]);
      // It is read over or refused; what is certain is that it takes no memory and ends by leaving.
    }
    try (var client = gateway.through()) {
      client.sendRaw(ByteBuffer.allocate(5).put((byte) 'Q').putInt(-1).array());
      assertThat(client.readUntil('E').getLast().sqlState()).isEqualTo("08P01");
      assertThat(client.isClosedWithin(Duration.ofSeconds(5))).isTrue();
    }
  }
}
