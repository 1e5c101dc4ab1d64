package dev.chaperone.postgres.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaperone.postgres.wire.Body;
import dev.chaperone.postgres.wire.MessageBuilder;
import dev.chaperone.postgres.wire.Messages;
import dev.chaperone.postgres.wire.ProtocolViolationException;
import dev.chaperone.testing.PgMessages;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The bigger messages, broken at random: read, or refused as a breach of the protocol. */
final class MessageFuzzTest {
  private static final int ROUNDS = 20_000;

  private interface Decoder {
    void read(byte[] message) throws ProtocolViolationException;
  }

  private static void assertReadsOrRefuses(byte[] valid, Decoder decoder) throws Exception {
    decoder.read(valid);
    long seed = new Random().nextLong();
    var random = new Random(seed);
    int refused = 0;
    for (int i = 0; i < ROUNDS; i++) {
      var broken = valid.clone();
      for (int j = random.nextInt(1, 4); j > 0; j--) {
        broken[random.nextInt(5, broken.length)] = (byte) random.nextInt();
      }
      if (random.nextInt(4) == 0) {
        broken = java.util.Arrays.copyOf(broken, random.nextInt(5, broken.length + 1));
      }
      try {
        decoder.read(broken);
      } catch (ProtocolViolationException e) {
        refused++;
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ", round " + i, e);
      }
    }
    assertThat(refused).as("seed %d", seed).isBetween(1, ROUNDS - 1);
  }

  @Test
  void bindsAreReadOrRefused() throws Exception {
    var bind =
        PgMessages.bind(
            "p",
            "s",
            new short[] {0, 1},
            java.util.Arrays.asList(new byte[] {1, 2}, null),
            new short[] {1});
    assertReadsOrRefuses(
        bind.bytes(),
        message -> {
          var read = BindMessage.read(message);
          assertThat(read.formats()).hasSameSizeAs(read.values());
        });
  }

  @Test
  void descriptionsAreReadOrRefused() throws Exception {
    var description = new MessageBuilder().begin(Messages.ROW_DESCRIPTION).int16(2);
    for (var name : List.of("id", "email")) {
      description.string(name).int32(4711).int16(1).int32(25).int16(-1).int32(-1).int16(0);
    }
    assertReadsOrRefuses(
        description.end().toArray(),
        message -> {
          var shape = RowShape.read(Body.ofMessage(message));
          assertThat(shape.binary()).hasSameSizeAs(shape.columns());
        });
  }

  @Test
  void rowsAreReadOrRefusedAndSaidAgain() throws Exception {
    var row =
        Rows.message(
            java.util.Arrays.asList(
                "a value".getBytes(java.nio.charset.StandardCharsets.UTF_8), null, new byte[0]));
    assertReadsOrRefuses(
        row,
        message -> {
          var values = Rows.values(Body.ofMessage(message));
          var again = Rows.values(Body.ofMessage(Rows.message(values)));
          assertThat(again).usingRecursiveComparison().isEqualTo(values);
        });
  }
}
