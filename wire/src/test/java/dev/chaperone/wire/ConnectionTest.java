package dev.chaperone.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ConnectionTest {
  private static final byte[] WORDS = "last words".getBytes(StandardCharsets.US_ASCII);

  @Test
  void lastWordsArriveThoughThePeerSentWhatNobodyReads() throws Exception {
    try (var pair = Pair.open()) {
      pair.send(new byte[100_000]);
      pair.ours().sink().write(WORDS);
      pair.ours().finishWriting();
      var closing =
          Thread.ofVirtual()
              .start(() -> {
                pair.ours().drain(Duration.ofSeconds(30));
                pair.ours().close();
              });
      pair.send(new byte[1]);
      assertThat(pair.peer().getInputStream().readAllBytes()).isEqualTo(WORDS);
      pair.peer().close();
      closing.join();
    }
  }

  @Test
  void drainingEndsThoughThePeerNeverStops() throws Exception {
    try (var pair = Pair.open()) {
      var sending =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  while (true) {
                    pair.send(new byte[1_000]);
                  }
                } catch (java.io.IOException e) {
                  return; // our end has closed
                }
              });
      pair.ours().drain(Duration.ofMillis(50));
      pair.ours().close();
      sending.join();
    }
  }

  @Test
  void drainingEndsThoughThePeerIsSilent() throws Exception {
    try (var pair = Pair.open()) {
      pair.ours().drain(Duration.ofMillis(50));
    }
  }
}
