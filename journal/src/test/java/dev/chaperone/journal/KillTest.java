package dev.chaperone.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaperone.journal.verify.Verification;
import dev.chaperone.journal.verify.Verifier;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KillTest {
  private static final int KILLS = 6;

  @TempDir Path directory;

  @Test
  void whatWasAcknowledgedSurvivesKillMinusNine() throws Exception {
    long seed = 42;
    Random random = new Random(seed);
    Map<Long, Long> acknowledged = new HashMap<>();
    Optional<Path> earlier = Optional.empty();
    for (int round = 0; round < KILLS; round++) {
      run(500 + random.nextInt(3000), acknowledged, round * 1_000_000L);
      Verification killed = Verifier.verify(directory, Optional.empty(), earlier);
      assertThat(killed.exitStatus()).as("seed " + seed + ": " + killed).isIn(0, 4, 5);
      try (Journal journal = SegmentedJournal.open(directory, Samples.settings())) {
        JournalReader reader = journal.reader();
        for (Map.Entry<Long, Long> entry : acknowledged.entrySet()) {
          assertThat(entry.getKey()).isLessThan(reader.size());
        }
        reader.forEach(
            0,
            reader.size(),
            (position, entry) -> {
              Long number = acknowledged.get(position.index());
              if (number != null) {
                assertThat(entry).isEqualTo(Samples.entry(number));
              }
            });
      }
      Verification whole = Verifier.verify(directory, Optional.empty(), earlier);
      assertThat(whole.exitStatus()).as("seed " + seed + ": " + whole).isZero();
      earlier = Optional.of(keepCheckpoint(round));
    }
    assertThat(acknowledged).hasSizeGreaterThan(KILLS * 500);
  }

  private Path keepCheckpoint(int round) throws Exception {
    Path kept = directory.resolveSibling(directory.getFileName() + "-checkpoint-" + round);
    Files.copy(directory.resolve("log/checkpoint"), kept);
    kept.toFile().deleteOnExit();
    return kept;
  }

  /** Runs the ledger until it acknowledged so many entries, and kills it in the midst of more. */
  private void run(int count, Map<Long, Long> acknowledged, long from) throws Exception {
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                Ledger.class.getName(),
                directory.toString(),
                String.valueOf(from))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out = process.inputReader()) {
      int seen = 0;
      StringBuilder line = new StringBuilder();
      for (int c = out.read(); c >= 0; c = out.read()) {
        if (c != '\n') {
          line.append((char) c);
          continue;
        }
        // Only a whole line counts: the kill may cut the last one.
        String[] parts = line.toString().split(" ", 2);
        acknowledged.put(Long.valueOf(parts[0]), Long.valueOf(parts[1]));
        line.setLength(0);
        if (++seen == count) {
          // Through the handle, which leaves the stream open: what was told is read to its end.
          assertThat(process.toHandle().destroyForcibly()).isTrue();
        }
      }
      assertThat(seen).isGreaterThanOrEqualTo(count);
    } finally {
      process.destroyForcibly();
    }
  }
}
