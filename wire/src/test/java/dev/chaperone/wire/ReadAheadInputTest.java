package dev.chaperone.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chaperone.testing.Await;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ReadAheadInputTest {
  @Test
  void aWatchNoticesThatThePeerLeaves() throws Exception {
    try (var pair = Pair.open()) {
      var left = new CountDownLatch(1);
      try (var _ = pair.ours().input().watch(left::countDown)) {
        pair.send(new byte[] {7});
        Await.until("read ahead", () -> pair.ours().input().buffered() == 1);
        assertThat(left.getCount()).isOne();
        pair.peer().close();
        assertThat(left.await(10, TimeUnit.SECONDS)).isTrue();
      }
      assertThat(pair.ours().input().read()).isEqualTo(7);
      assertThat(pair.ours().input().read()).isEqualTo(-1);
    }
  }

  @Test
  void aWatchOfAPeerThatLeftAlreadyTellsOnAThreadOfItsOwn() throws Exception {
    try (var pair = Pair.open()) {
      pair.peer().close();
      assertThat(pair.ours().input().read()).isEqualTo(-1);
      var teller = new AtomicReference<Thread>();
      try (var _ = pair.ours().input().watch(() -> teller.set(Thread.currentThread()))) {
        Await.until("told", () -> teller.get() != null);
      }
      assertThat(teller.get()).isNotSameAs(Thread.currentThread());
    }
  }

  @Test
  void aWatchReadsNoMoreThanTheBuffer() throws Exception {
    try (var pair = Pair.open()) {
      var sent = new byte[ReadAheadInput.BUFFER_BYTES + 5_000];
      new Random(1).nextBytes(sent);
      var input = pair.ours().input();
      try (var _ = input.watch(() -> {})) {
        pair.send(sent);
        Await.until("full", () -> input.buffered() == ReadAheadInput.BUFFER_BYTES);
      }
      var got = new byte[sent.length];
      input.readFully(got, 0, got.length);
      assertThat(got).isEqualTo(sent);
    }
  }

  @Test
  void theReaderTakesOverWhatABackgroundReadStillBrings() throws Exception {
    try (var pair = Pair.open()) {
      var input = pair.ours().input();
      var called = new AtomicInteger();
      input.watch(called::incrementAndGet).close();
      pair.send(new byte[] {1, 2});
      var got = new byte[2];
      input.readFully(got, 0, 2);
      assertThat(got).containsExactly(1, 2);
      pair.peer().close();
      assertThat(input.read()).isEqualTo(-1);
      assertThat(called).hasValue(0);
    }
  }

  @Test
  void aSecondWatchTakesOverTheReadOfTheFirst() throws Exception {
    try (var pair = Pair.open()) {
      var input = pair.ours().input();
      var first = new AtomicInteger();
      var second = new AtomicInteger();
      input.watch(first::incrementAndGet).close();
      try (var _ = input.watch(second::incrementAndGet)) {
        pair.send(new byte[] {5});
        Await.until("read ahead", () -> input.buffered() == 1);
        pair.peer().close();
        Await.until("told", () -> second.get() == 1);
      }
      assertThat(first).hasValue(0);
      assertThat(input.read()).isEqualTo(5);
    }
  }

  @Test
  void aFailureReachesTheWatchAndThenTheReader() throws Exception {
    var failing =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("broken line");
          }

          @Override
          public int read(byte[] into, int offset, int length) throws IOException {
            throw new IOException("broken line");
          }
        };
    var input = new ReadAheadInput(failing);
    var told = new CountDownLatch(1);
    try (var _ = input.watch(told::countDown)) {
      assertThat(told.await(10, TimeUnit.SECONDS)).isTrue();
    }
    assertThatThrownBy(input::read).isInstanceOf(IOException.class).hasMessage("broken line");
  }

  @Test
  void aMessageThatEndsEarlyIsAnError() {
    var input = new ReadAheadInput(new ByteArrayInputStream(new byte[3]));
    assertThatThrownBy(() -> input.readFully(new byte[4], 0, 4)).isInstanceOf(EOFException.class);
  }

  @Test
  void bytesKeepTheirOrderWhateverIsWatchedAndRead() throws Exception {
    long seed = System.nanoTime();
    var random = new Random(seed);
    var sent = new byte[2 << 20];
    random.nextBytes(sent);
    try (var pair = Pair.open()) {
      var peer = Thread.ofVirtual().start(() -> sendInPieces(pair, sent, new Random(seed + 1)));
      var input = pair.ours().input();
      var got = new byte[sent.length];
      int done = 0;
      while (done < got.length) {
        if (random.nextInt(3) == 0) {
          var watch = input.watch(() -> {});
          if (random.nextBoolean()) {
            Thread.onSpinWait();
          }
          watch.close();
        }
        int most = Math.min(got.length - done, 1 + random.nextInt(3_000));
        if (random.nextInt(4) == 0) {
          int peeked = input.buffered() > 0 ? input.peek(0) : -1;
          int read = input.read();
          assertThat(peeked).as("seed %d", seed).isIn(-1, read);
          got[done++] = (byte) read;
        } else {
          done += input.read(got, done, most);
        }
      }
      peer.join();
      assertThat(Arrays.mismatch(got, sent)).as("first difference, seed %d", seed).isEqualTo(-1);
    }
  }

  private static void sendInPieces(Pair pair, byte[] sent, Random random) {
    try {
      int from = 0;
      while (from < sent.length) {
        int to = Math.min(sent.length, from + 1 + random.nextInt(8_000));
        pair.send(Arrays.copyOfRange(sent, from, to));
        from = to;
      }
    } catch (IOException e) {
      throw new AssertionError("the loopback broke", e);
    }
  }
}
