package dev.chaperone.journal.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaperone.journal.Journal;
import dev.chaperone.journal.JournalSettings;
import dev.chaperone.journal.Position;
import dev.chaperone.journal.Samples;
import dev.chaperone.journal.SegmentedJournal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an earlier checkpoint and the key tell, and what stands beyond the checkpoint. */
class HistoryTest {
  @TempDir Path directory;
  private Path journal = Path.of("unset");
  private Path earlier = Path.of("unset");

  @BeforeEach
  void recordThreeHundred() throws Exception {
    journal = directory.resolve("journal");
    LogCopy.run(journal, 0, 300);
    earlier = directory.resolve("earlier");
    Files.copy(journal.resolve("log/checkpoint"), earlier);
  }

  @Test
  void aLogThatWentOnContinuesItsEarlierCheckpoint() throws Exception {
    assertThat(new LogCopy(journal).verifySince(earlier).exitStatus()).isZero();
    LogCopy.run(journal, 300, 600);
    assertThat(new LogCopy(journal).verifySince(earlier).exitStatus()).isZero();
    LogCopy.run(journal, 600, 601);
    assertThat(new LogCopy(journal).verifySince(earlier).exitStatus()).isZero();
  }

  @Test
  void aLogRolledBackIsNamed() throws Exception {
    LogCopy old = new LogCopy(journal).copyTo(directory.resolve("old"));
    LogCopy.run(journal, 300, 400);
    Finding finding = TamperTest.only(old.verifySince(journal.resolve("log/checkpoint")));
    assertThat(finding.what()).startsWith("rolled back").contains("300").contains("400");
    assertThat(old.verify().exitStatus()).as("without a checkpoint it cannot be seen").isZero();
  }

  @Test
  void aForkSignedWithTheTrueKeyIsNamed() throws Exception {
    LogCopy fork = new LogCopy(journal).copyTo(directory.resolve("fork"));
    LogCopy.run(journal, 300, 400);
    LogCopy.run(fork.directory, 700, 850);
    assertThat(fork.verifySince(earlier).exitStatus()).as("they part after this one").isZero();
    Path truth = journal.resolve("log/checkpoint");
    assertThat(TamperTest.only(fork.verifySince(truth)).what()).startsWith("forked");
    LogCopy.run(journal, 400, 450);
    assertThat(TamperTest.only(fork.verifySince(truth)).what())
        .as("a fork of the very same size")
        .startsWith("forked");
  }

  @Test
  void aLogSignedAnewWithAnotherKeyIsNamed() throws Exception {
    LogCopy anew = new LogCopy(directory.resolve("anew"));
    LogCopy.run(anew.directory, 0, 300);
    assertThat(anew.verify().exitStatus()).as("its own key confirms it").isZero();
    String key = Files.readString(journal.resolve("log/key.pub"));
    Verification result = Verifier.verify(anew.directory, Optional.of(key), Optional.empty());
    assertThat(TamperTest.tampered(result))
        .extracting(Finding::where)
        .containsExactly("key.pub", "checkpoint");
    assertThat(TamperTest.only(anew.verifySince(earlier)).what()).contains("another key");
  }

  @Test
  void aKeyFileIsAsGoodAsItsText() {
    Path key = journal.resolve("log/key.pub");
    Verification result =
        Verifier.verify(journal, Optional.of(key.toString()), Optional.of(earlier));
    assertThat(result)
        .isInstanceOfSatisfying(
            Verification.Sound.class, s -> assertThat(s.subject().keyFromLog()).isFalse());
  }

  @Test
  void whatCannotBeJudgedSaysWhy() throws Exception {
    Path empty = Files.createDirectory(directory.resolve("empty"));
    assertThat(new LogCopy(empty).verify())
        .isInstanceOfSatisfying(
            Verification.Unjudged.class, u -> assertThat(u.why()).contains("no log"));
    assertThat(Verifier.verify(journal, Optional.of("nonsense"), Optional.empty()).exitStatus())
        .isEqualTo(5);
    Files.delete(journal.resolve("log/key.pub"));
    assertThat(new LogCopy(journal).verify().toString()).contains("no public key");
    LogCopy.run(journal, 300, 301);
    Files.delete(journal.resolve("log/checkpoint"));
    assertThat(new LogCopy(journal).verify())
        .isInstanceOfSatisfying(
            Verification.Unjudged.class, u -> assertThat(u.why()).contains("no checkpoint"));
  }

  @Test
  void entriesBeyondTheCheckpointAreCountedAndNamed() throws Exception {
    JournalSettings seldom =
        new JournalSettings(
            Samples.ORIGIN,
            JournalSettings.MIN_SEGMENT_BYTES,
            1000,
            1 << 20,
            Duration.ofSeconds(10),
            Duration.ofHours(1));
    try (Journal open = SegmentedJournal.open(journal, seldom)) {
      open.append(LogCopy.entry(300));
      Path checkpoint = journal.resolve("log/checkpoint");
      await(() -> Files.readString(checkpoint).contains("\n301\n"));
      for (long i = 301; i < 310; i++) {
        open.append(LogCopy.entry(i));
      }
      LogCopy killed = new LogCopy(journal).copyTo(directory.resolve("killed"));
      assertThat(killed.verify())
          .isInstanceOfSatisfying(
              Verification.Beyond.class,
              beyond -> {
                assertThat(beyond.exitStatus()).isEqualTo(4);
                assertThat(beyond.entries()).isEqualTo(9);
                assertThat(beyond.subject().size()).isEqualTo(301);
                TamperTest.assertSince(beyond.beyond().getFirst(), 301);
              });
    }
    assertThat(new LogCopy(journal).verify().exitStatus()).isZero();
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  private static void await(Condition condition) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.holds()) {
      assertThat(System.nanoTime()).as("it never came").isLessThan(end);
      Thread.onSpinWait();
    }
  }

  @Test
  void aRunningJournalVerifiesAtAnyMoment() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    try (Journal open = SegmentedJournal.open(journal, Samples.settings());
        var threads = Executors.newSingleThreadExecutor()) {
      Future<Long> writer =
          threads.submit(() -> {
            long i = 300;
            while (!stop.get() && i < 200_000) {
              Position ignored = open.append(LogCopy.entry(i++));
            }
            return i;
          });
      for (int round = 0; round < 25; round++) {
        Verification result = new LogCopy(journal).verifySince(earlier);
        assertThat(result.exitStatus()).as(result.toString()).isIn(0, 4);
      }
      stop.set(true);
      assertThat(writer.get()).isGreaterThan(300);
    }
    assertThat(new LogCopy(journal).verify().exitStatus()).isZero();
  }
}
