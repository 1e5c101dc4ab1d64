package dev.chaperone.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chaperone.journal.verify.Verifier;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FaultTest {
  @TempDir Path directory;
  private final FaultyDisk disk = new FaultyDisk();

  @ParameterizedTest
  @CsvSource({"write,false", "write,true", "sync,false", "sync,true"})
  void aFailedWriteOrSyncEndsTheJournalForGoodAndLosesNothingAcknowledged(
      String operation, boolean butDone) throws Exception {
    Journal journal = SegmentedJournal.open(directory, Samples.settings(), disk);
    for (long i = 0; i < 20; i++) {
      journal.append(Samples.entry(i));
    }
    disk.failNext(on(operation, ".seg"), butDone);
    assertUnavailable(() -> journal.append(Samples.entry(20)), "injected: " + operation);
    // The disk works again, and that must not matter: what is on it is not known any more.
    assertUnavailable(() -> journal.append(Samples.entry(21)), "injected: " + operation);
    assertUnavailable(() -> journal.enqueue(Samples.entry(21)), "injected: " + operation);
    assertThat(journal.failure()).hasValueSatisfying(why -> assertThat(why).contains(operation));
    assertThat(journal.reader().size()).isEqualTo(20);
    journal.await(new Position(19));
    assertThat(journal.reader().awaitBeyond(20, Duration.ofMinutes(5))).isFalse();
    journal.close();

    try (Journal again = SegmentedJournal.open(directory, Samples.settings())) {
      assertThat(again.reader().size()).isBetween(20L, 21L);
      again.reader().forEach(0, 20, (p, e) -> assertThat(e).isEqualTo(Samples.entry(p.index())));
      again.append(Samples.entry(99));
    }
    assertThat(Verifier.verify(directory, Optional.empty(), Optional.empty()).exitStatus())
        .isZero();
  }

  @Test
  void everyWaiterLearnsOfTheFailure() throws Exception {
    try (Journal journal = SegmentedJournal.open(directory, Samples.settings(), disk);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      disk.failNext(on("sync", ".seg"), false);
      List<Future<Position>> waiting = new ArrayList<>();
      for (long i = 0; i < 200; i++) {
        Entry entry = Samples.entry(i);
        waiting.add(threads.submit(() -> journal.append(entry)));
      }
      for (Future<Position> waiter : waiting) {
        assertThatThrownBy(waiter::get)
            .hasCauseInstanceOf(JournalUnavailableException.class)
            .hasMessageContaining("injected");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "create,segments",
    "write,tmp",
    "sync,tmp",
    "rename,segments",
    "syncDirectory,segments"
  })
  void aSegmentThatCannotBeMadeEndsTheJournal(String operation, String where) throws Exception {
    Journal journal = SegmentedJournal.open(directory, Samples.settings(), disk);
    Predicate<FaultyDisk.Operation> newSegment =
        o ->
            o.name().equals(operation)
                && (o.path().toString().contains(".seg") || o.path().endsWith("segments"))
                && (!where.equals("tmp") || o.path().toString().contains("/tmp/"));
    disk.failNext(newSegment, false);
    assertThatThrownBy(
            () -> {
              for (long i = 0; i < 10_000; i++) {
                journal.enqueue(Samples.entry(i));
              }
              journal.append(Samples.entry(0));
            })
        .isInstanceOf(JournalUnavailableException.class)
        .hasMessageContaining("injected");
    long durable = journal.reader().size();
    journal.close();
    try (Journal again = SegmentedJournal.open(directory, Samples.settings())) {
      assertThat(again.reader().size()).isGreaterThanOrEqualTo(durable);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "create,tmp/000",
    "write,tmp/001",
    "sync,tmp/checkpoint",
    "rename,tile/0",
    "rename,checkpoint",
    "syncDirectory,tile/0",
    "syncDirectory,log"
  })
  void aTreeThatCannotBeSignedEndsTheJournalAndSaysSo(String operation, String where)
      throws Exception {
    Journal journal = SegmentedJournal.open(directory, Samples.settings(), disk);
    disk.failNext(on(operation, where).and(o -> !o.path().toString().contains(".seg")), false);
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    long acknowledged = 0;
    while (journal.failure().isEmpty()) {
      try {
        acknowledged = journal.append(Samples.entry(acknowledged)).index() + 1;
      } catch (JournalUnavailableException e) {
        assertThat(e).hasMessageContaining("injected");
      }
      assertThat(System.nanoTime()).as("it never failed").isLessThan(end);
    }
    assertThat(journal.failure().orElseThrow()).contains("signing").contains("injected");
    assertUnavailable(() -> journal.append(Samples.entry(0)), "injected");
    assertThat(journal.reader().size()).isGreaterThanOrEqualTo(acknowledged);
    journal.close();
    try (Journal again = SegmentedJournal.open(directory, Samples.settings())) {
      assertThat(again.reader().size()).isGreaterThanOrEqualTo(acknowledged);
      again.append(Samples.entry(0));
    }
    assertThat(Verifier.verify(directory, Optional.empty(), Optional.empty()).exitStatus())
        .isZero();
  }

  @Test
  void aFailureAtTheStartIsTold() {
    disk.failNext(on("rename", "key"), false);
    assertThatIOException()
        .isThrownBy(() -> SegmentedJournal.open(directory, Samples.settings(), disk))
        .withMessageContaining("injected");
  }

  @Test
  void aFullQueueAndASlowDiskEndTheWaitNotTheProcess() throws Exception {
    JournalSettings narrow =
        new JournalSettings(
            Samples.ORIGIN,
            JournalSettings.MIN_SEGMENT_BYTES,
            2,
            Entry.MAX_BYTES,
            Duration.ofMillis(500),
            Duration.ofMillis(10));
    Journal journal = SegmentedJournal.open(directory, narrow, disk);
    disk.stallSegmentSyncs();
    assertUnavailable(() -> journal.append(Samples.entry(0)), "not durable after");
    journal.enqueue(Samples.entry(1));
    journal.enqueue(Samples.entry(2));
    assertUnavailable(() -> journal.enqueue(Samples.entry(3)), "queue was full");
    assertThat(journal.failure()).isEmpty();
    disk.resume();
    assertThat(journal.reader().awaitBeyond(2, Duration.ofSeconds(20))).isTrue();
    journal.enqueue(Samples.entry(3));
    assertThat(journal.reader().awaitBeyond(3, Duration.ofSeconds(20))).isTrue();
    journal.close();
    assertThat(journal.failure()).isEmpty();
  }

  private static Predicate<FaultyDisk.Operation> on(String operation, String where) {
    return o -> o.name().equals(operation) && o.path().toString().contains(where);
  }

  private interface Call {
    void run() throws Exception;
  }

  private static void assertUnavailable(Call call, String why) {
    assertThatThrownBy(call::run)
        .isInstanceOf(JournalUnavailableException.class)
        .hasMessageContaining(why);
  }
}
