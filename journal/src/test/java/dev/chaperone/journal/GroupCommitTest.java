package dev.chaperone.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which entries wait for company, and which do not. */
@Timeout(60)
class GroupCommitTest {
  private static final int ROUNDS = 200;

  @TempDir Path directory;

  private final FaultyDisk disk = new FaultyDisk();

  private Journal open() throws Exception {
    return SegmentedJournal.open(directory.resolve("journal"), Samples.settings(), disk);
  }

  @Test
  void whatNobodyWaitsForBecomesDurableAllTheSame() throws Exception {
    try (var journal = open()) {
      for (long i = 0; i < 3; i++) {
        var position = journal.enqueue(Samples.entry(i));

        assertThat(journal.reader().awaitBeyond(position.index(), Duration.ofSeconds(30))).isTrue();
      }
    }
  }

  @Test
  void whatNobodyWaitsForCostsNoSyncOfItsOwn() throws Exception {
    try (var journal = open()) {
      long before = disk.segmentSyncs();
      long began = System.nanoTime();
      for (long i = 0; i < ROUNDS; i++) {
        journal.enqueue(Samples.entry(2 * i));
        journal.append(Samples.entry(2 * i + 1));
      }
      long lingered = (System.nanoTime() - began) / GroupCommit.LINGER.toNanos();

      assertThat(disk.segmentSyncs() - before)
          .isGreaterThanOrEqualTo(ROUNDS)
          .isLessThanOrEqualTo(ROUNDS + lingered + 1);
    }
  }

  @Test
  void whatSomebodyWaitsForDoesNotLinger() throws Exception {
    try (var journal = open()) {
      journal.append(Samples.entry(0));
      long fastest = Long.MAX_VALUE;
      for (long i = 1; i <= ROUNDS; i++) {
        long began = System.nanoTime();
        journal.append(Samples.entry(i));
        fastest = Math.min(fastest, System.nanoTime() - began);
      }

      assertThat(fastest).isLessThan(GroupCommit.LINGER.toNanos());
    }
  }

  @Test
  void closingWaitsForNoLingeringWriter() throws Exception {
    for (int i = 0; i < 20; i++) {
      long began = System.nanoTime();
      try (var journal = open()) {
        journal.enqueue(Samples.entry(i));
      }
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
    }
    try (var journal = open()) {
      assertThat(journal.reader().size()).isEqualTo(20);
    }
  }
}
