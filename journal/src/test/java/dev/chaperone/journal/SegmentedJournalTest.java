package dev.chaperone.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentedJournalTest {
  @TempDir Path directory;

  @Test
  void anEntryIsReadAsItWasAppended() throws Exception {
    try (Journal journal = open()) {
      for (long i = 0; i < 1000; i++) {
        assertThat(journal.append(Samples.entry(i))).isEqualTo(new Position(i));
      }
      JournalReader reader = journal.reader();
      assertThat(reader.size()).isEqualTo(1000);
      for (long i : new long[] {0, 1, 63, 64, 65, 500, 999}) {
        assertThat(reader.read(i)).isEqualTo(Samples.entry(i));
      }
      assertThatThrownBy(() -> reader.read(1000)).isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void aVisitSeesARangeInOrderAcrossSegments() throws Exception {
    try (Journal journal = open()) {
      Position last = new Position(0);
      for (long i = 0; i < 10_000; i++) {
        last = journal.enqueue(Samples.entry(i));
      }
      journal.await(last);
      assertThat(segments()).hasSizeGreaterThan(2);
      List<Long> seen = new ArrayList<>();
      journal
          .reader()
          .forEach(
              1234,
              9876,
              (position, entry) -> {
                assertThat(entry).isEqualTo(Samples.entry(position.index()));
                seen.add(position.index());
              });
      assertThat(seen).hasSize(9876 - 1234).isSorted().first().isEqualTo(1234L);
    }
  }

  @Test
  void aReopenedJournalGoesOnWhereItWas() throws Exception {
    for (long round = 0; round < 4; round++) {
      try (Journal journal = open()) {
        assertThat(journal.reader().size()).isEqualTo(round * 300);
        for (long i = 0; i < 300; i++) {
          journal.append(Samples.entry(round * 300 + i));
        }
      }
    }
    try (Journal journal = open()) {
      journal
          .reader()
          .forEach(0, 1200, (p, entry) -> assertThat(entry).isEqualTo(Samples.entry(p.index())));
    }
  }

  @Test
  void manyWritersShareASync() throws Exception {
    FaultyDisk disk = new FaultyDisk();
    long writers = 64;
    int each = 50;
    try (Journal journal = SegmentedJournal.open(directory, Samples.settings(), disk);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      long before = disk.segmentSyncs();
      List<Future<?>> running = new ArrayList<>();
      for (int w = 0; w < writers; w++) {
        running.add(
            threads.submit(() -> {
              for (int i = 0; i < each; i++) {
                journal.append(Samples.entry(i));
              }
              return null;
            }));
      }
      for (Future<?> writer : running) {
        writer.get();
      }
      assertThat(journal.reader().size()).isEqualTo(writers * each);
      assertThat(disk.segmentSyncs() - before).isLessThan(writers * each / 2);
    }
  }

  @Test
  void aTailWaitsForWhatComes() throws Exception {
    try (Journal journal = open();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      JournalReader reader = journal.reader();
      assertThat(reader.awaitBeyond(0, Duration.ofMillis(1))).isFalse();
      Future<Boolean> tail = threads.submit(() -> reader.awaitBeyond(0, Duration.ofSeconds(20)));
      journal.append(Samples.entry(0));
      assertThat(tail.get()).isTrue();
    }
  }

  @Test
  void aTailEndsWithTheJournal() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Journal journal = open();
      JournalReader reader = journal.reader();
      Future<Boolean> tail = threads.submit(() -> reader.awaitBeyond(0, Duration.ofMinutes(5)));
      journal.close();
      assertThat(tail.get()).isFalse();
    }
  }

  @Test
  void oneJournalADirectory() throws Exception {
    try (Journal first = open()) {
      assertThatIOException().isThrownBy(this::open).withMessageContaining("in use");
      first.append(Samples.entry(0));
    }
    open().close();
  }

  @Test
  void aClosedJournalTakesNothingAndDoesNotCountAsFailed() throws Exception {
    Journal journal = open();
    journal.append(Samples.entry(0));
    journal.close();
    journal.close();
    assertThatThrownBy(() -> journal.append(Samples.entry(1)))
        .isInstanceOf(JournalUnavailableException.class)
        .hasMessageContaining("closed");
    assertThat(journal.failure()).isEmpty();
  }

  @Test
  void aPrivateKeyThatOthersCanReadIsRefused() throws Exception {
    open().close();
    Files.setPosixFilePermissions(
        directory.resolve("key"), PosixFilePermissions.fromString("rw-r-----"));
    assertThatIOException()
        .isThrownBy(this::open)
        .withMessageContaining("key")
        .withMessageContaining("600");
  }

  @Test
  void aDirectoryThatOthersCanEnterIsRefused() throws Exception {
    open().close();
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-x---"));
    assertThatIOException().isThrownBy(this::open).withMessageContaining("700");
  }

  @Test
  void aLogIsNeverSignedWithASecondKey() throws Exception {
    try (Journal journal = open()) {
      journal.append(Samples.entry(0));
    }
    Files.delete(directory.resolve("key"));
    assertThatIOException().isThrownBy(this::open).withMessageContaining("key is missing");
  }

  @Test
  void aLogKeepsItsName() throws Exception {
    open().close();
    JournalSettings other = JournalSettings.of("example.com/other");
    assertThatIOException()
        .isThrownBy(() -> SegmentedJournal.open(directory, other))
        .withMessageContaining(Samples.ORIGIN);
  }

  @Test
  void filesAreTheOwnersAlone() throws Exception {
    try (Journal journal = open()) {
      journal.append(Samples.entry(0));
    }
    try (var files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
        assertThat(mode).as(file.toString()).endsWith("------");
      }
    }
  }

  private Journal open() throws IOException {
    return SegmentedJournal.open(directory, Samples.settings());
  }

  private List<Path> segments() throws IOException {
    try (var files = Files.list(directory.resolve("segments"))) {
      return files.toList();
    }
  }
}
