package dev.chaperone.postgres.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.chaperone.wire.Connection;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever bytes come, a decoder reads them or says what is wrong, and believes no length. */
final class DecoderFuzzTest {
  private static final int ROUNDS = 3_000;

  /** A socket whose peer has sent these bytes and left. */
  private static final class Sent extends Socket {
    private final byte[] bytes;

    Sent(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public InputStream getInputStream() {
      return new ByteArrayInputStream(bytes);
    }

    @Override
    public OutputStream getOutputStream() {
      return OutputStream.nullOutputStream();
    }

    @Override
    public void setTcpNoDelay(boolean on) {}

    @Override
    public void setKeepAlive(boolean on) {}
  }

  private static MessageReader reader(byte[] bytes) throws IOException {
    return new MessageReader(new Connection(new Sent(bytes)).input());
  }

  private static byte[] mutated(byte[] valid, Random random) {
    var bytes = valid.clone();
    for (int i = random.nextInt(4); i > 0 && bytes.length > 0; i--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }
    return random.nextInt(3) == 0
        ? java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length + 1))
        : bytes;
  }

  @Test
  void messagesAreReadWholeOrNotAtAll() throws Exception {
    long seed = new Random().nextLong();
    var random = new Random(seed);
    var valid =
        new MessageBuilder()
            .begin(Messages.QUERY)
            .string("SELECT 1")
            .end()
            .begin(Messages.SYNC)
            .end()
            .toArray();
    for (int i = 0; i < ROUNDS; i++) {
      var bytes = mutated(valid, random);
      var reader = reader(bytes);
      int read = 0;
      try {
        while (reader.next()) {
          boolean buffered = reader.nextIsBuffered();
          assertThat(buffered).isIn(true, false);
          read += reader.message().length;
        }
        assertThat(read).as("seed %d, round %d", seed, i).isEqualTo(bytes.length);
      } catch (EOFException | ProtocolViolationException e) {
        assertThat(read).as("seed %d, round %d", seed, i).isLessThan(bytes.length);
      }
    }
  }

  @Test
  void aLengthOfOneGibibyteTakesNoMemoryUntilItsBytesCome() throws Exception {
    var bytes = ByteBuffer.allocate(40).put((byte) 'D').putInt(1 << 30).array();
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    var reader = reader(bytes);
    assertThat(reader.next()).isTrue();
    long before = threads.getCurrentThreadAllocatedBytes();
    try {
      var _ = reader.message();
      throw new AssertionError("a message without its bytes");
    } catch (EOFException e) {
      assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(1 << 20);
    }
  }

  @Test
  void fieldsAreReadWithinTheirMessage() {
    long seed = new Random().nextLong();
    var random = new Random(seed);
    for (int i = 0; i < ROUNDS * 10; i++) {
      var bytes = new byte[random.nextInt(24)];
      random.nextBytes(bytes);
      int offset = random.nextInt(bytes.length + 1);
      int length = random.nextInt(bytes.length - offset + 1);
      var body = new Body(bytes, offset, length);
      try {
        for (int j = 0; j < 8; j++) {
          switch (random.nextInt(7)) {
            case 0 -> body.int8();
            case 1 -> body.int16();
            case 2 -> body.int32();
            case 3 -> assertThat(body.string()).doesNotContain("\0");
            case 4 -> body.skip(random.nextInt());
            case 5 -> body.bytes(random.nextInt(20) - 2);
            default -> assertThat(body.count()).isBetween(0, 0xffff);
          }
          assertThat(body.position()).as("seed %d", seed).isBetween(offset, offset + length);
        }
        body.end("the test");
        assertThat(body.remaining()).isZero();
      } catch (ProtocolViolationException e) {
        assertThat(body.position()).as("seed %d", seed).isBetween(offset, offset + length);
      }
    }
  }

  @Test
  void errorsAreReadAndSaidAgain() throws Exception {
    long seed = new Random().nextLong();
    var random = new Random(seed);
    var valid = ErrorFields.of("ERROR", "42P01", "no such table", "a detail", "a hint");
    var bytes = valid.message(Messages.ERROR);
    assertThat(ErrorFields.read(Body.ofMessage(bytes))).isEqualTo(valid);
    int understood = 0;
    for (int i = 0; i < ROUNDS; i++) {
      var broken = mutated(java.util.Arrays.copyOfRange(bytes, 5, bytes.length), random);
      try {
        var fields = ErrorFields.read(new Body(broken, 0, broken.length));
        var again = ErrorFields.read(Body.ofMessage(fields.message(Messages.ERROR)));
        assertThat(again).as("seed %d, round %d", seed, i).isEqualTo(fields);
        if (!fields.isAboutTheText()) {
          assertThat(fields.withheld().message()).doesNotContain("no such table");
        }
        understood++;
      } catch (ProtocolViolationException e) {
        assertThat(e).hasMessageNotContaining("no such table");
      }
    }
    assertThat(understood).isBetween(1, ROUNDS - 1);
  }
}
