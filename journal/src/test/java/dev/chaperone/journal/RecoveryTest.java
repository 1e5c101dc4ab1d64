package dev.chaperone.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.chaperone.journal.log.Disk;
import dev.chaperone.journal.log.SegmentLog;
import dev.chaperone.journal.verify.Verifier;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the start makes of what it finds (docs/formats/journal.md, "Start"). */
class RecoveryTest {
  @TempDir Path directory;

  @Test
  void garbageAfterTheLastRecordIsCut() throws Exception {
    append(0, 100);
    Path segment = segments().getFirst();
    int end = end(segment);
    byte[] garbage = new byte[5000];
    new Random(7).nextBytes(garbage);
    overwrite(segment, end, garbage);
    assertThat(size()).isEqualTo(100);
    assertThat(Arrays.copyOfRange(Files.readAllBytes(segment), end, end + 5000)).containsOnly(0);
    append(100, 10);
    assertThat(size()).isEqualTo(110);
    assertThat(verifies()).isTrue();
  }

  @Test
  void aWriteThatReachedTheDiskInPartIsCutThoughLaterPartsOfItAreThere() throws Exception {
    append(0, 10);
    dropTree();
    Path segment = segments().getFirst();
    int second = end(segment);
    appendAtOnce(10, 5);
    byte[] bytes = Files.readAllBytes(segment);
    assertThat(ByteBuffer.wrap(bytes).getLong(second + 8)).isEqualTo(10);
    overwrite(segment, second + 30, new byte[] {0, 0, 0});
    assertThat(size()).isEqualTo(10);
  }

  @Test
  void aDamagedRecordBeforeADurableOneStopsTheStart() throws Exception {
    append(0, 10);
    dropTree();
    Path segment = segments().getFirst();
    int at = indexOf(segment, "\"i\":4}");
    overwrite(segment, at, "\"i\":5}".getBytes(StandardCharsets.UTF_8));
    assertThatIOException()
        .isThrownBy(this::size)
        .withMessageContaining(segment.toString())
        .withMessageContaining("offset " + (64 + 4 * (24 + Samples.entry(4).length())) + ":")
        .withMessageContaining("entry 4");
  }

  @Test
  void aLogShorterThanItsCheckpointStopsTheStart() throws Exception {
    append(0, 10);
    Path segment = segments().getFirst();
    int at = indexOf(segment, "\"i\":9}");
    overwrite(segment, at - 90, new byte[200]);
    assertThatIOException()
        .isThrownBy(this::size)
        .withMessageContaining("checkpoint")
        .withMessageContaining("10");
  }

  @Test
  void aMissingSegmentStopsTheStart() throws Exception {
    appendQuickly(9000);
    List<Path> segments = segments();
    assertThat(segments).hasSizeGreaterThan(2);
    Path middle = segments.get(1);
    byte[] held = Files.readAllBytes(middle);
    Files.delete(middle);
    assertThatIOException()
        .isThrownBy(this::size)
        .withMessageContaining(segments.get(2).toString())
        .withMessageContaining("is due");
    Files.write(middle, held);
    Files.delete(segments.getFirst());
    assertThatIOException().isThrownBy(this::size).withMessageContaining("entry 0 is due");
  }

  @Test
  void damageInAnEarlierSegmentStopsTheStart() throws Exception {
    appendQuickly(9000);
    Path first = segments().getFirst();
    byte[] bytes = Files.readAllBytes(first);
    int last = bytes.length - 1;
    overwrite(first, last, new byte[] {(byte) (bytes[last] ^ 1)});
    assertThatIOException().isThrownBy(this::size).withMessageContaining(first.toString());
  }

  @Test
  void anUnreadableHeaderStopsTheStart() throws Exception {
    append(0, 10);
    overwrite(segments().getFirst(), 20, new byte[] {1, 2, 3});
    assertThatIOException().isThrownBy(this::size).withMessageContaining("header");
  }

  @Test
  void segmentsThatContradictTheSignedRootStopTheStart() throws Exception {
    append(0, 300);
    Path other = directory.resolve("other");
    try (Journal journal = SegmentedJournal.open(other, Samples.settings())) {
      for (long i = 0; i < 300; i++) {
        journal.enqueue(Samples.entry(i + 5));
      }
    }
    Files.copy(
        other.resolve("segments").resolve(segments().getFirst().getFileName()),
        segments().getFirst(),
        StandardCopyOption.REPLACE_EXISTING);
    Files.delete(directory.resolve("journal/log/tile/0/000"));
    assertThatIOException().isThrownBy(this::size).withMessageContaining("root");
  }

  @Test
  void aCheckpointThatIsNotSignedStopsTheStart() throws Exception {
    append(0, 10);
    Path checkpoint = directory.resolve("journal/log/checkpoint");
    Files.writeString(checkpoint, Files.readString(checkpoint).replace("\n10\n", "\n9\n"));
    assertThatIOException().isThrownBy(this::size).withMessageContaining("not signed");
  }

  @Test
  void tilesThatWereDeletedAreMadeAgain() throws Exception {
    append(0, 700);
    Path tiles = directory.resolve("journal/log/tile");
    deleteTree(tiles);
    assertThat(size()).isEqualTo(700);
    assertThat(verifies()).isTrue();
    Files.delete(tiles.resolve("entries/001"));
    assertThat(size()).isEqualTo(700);
    assertThat(verifies()).isTrue();
    dropTree();
    assertThat(size()).isEqualTo(700);
    assertThat(verifies()).isTrue();
  }

  @Test
  void aFileUnderConstructionIsRemoved() throws Exception {
    append(0, 10);
    Path left = directory.resolve("journal/tmp/left");
    Files.write(left, new byte[10]);
    assertThat(size()).isEqualTo(10);
    assertThat(left).doesNotExist();
  }

  private void append(long from, long count) throws Exception {
    try (Journal journal = open()) {
      for (long i = from; i < from + count; i++) {
        journal.append(Samples.entry(i));
      }
    }
  }

  private void appendQuickly(long count) throws Exception {
    try (Journal journal = open()) {
      for (long i = 0; i < count; i++) {
        journal.enqueue(Samples.entry(i));
      }
    }
  }

  /** As one batch. */
  private void appendAtOnce(long from, int count) throws Exception {
    Path log = directory.resolve("journal");
    var disk = Disk.local();
    try (var segments =
        SegmentLog.open(disk, log.resolve("segments"), log.resolve("tmp"), 1 << 18)) {
      segments.append(
          Stream.iterate(from, i -> i + 1)
              .limit(count)
              .map(i -> Samples.entry(i).bytes())
              .toList());
    }
  }

  private Journal open() throws IOException {
    return SegmentedJournal.open(directory.resolve("journal"), Samples.settings());
  }

  private long size() throws IOException {
    try (Journal journal = open()) {
      long size = journal.reader().size();
      journal
          .reader()
          .forEach(0, size, (p, e) -> assertThat(e).isEqualTo(Samples.entry(p.index())));
      return size;
    }
  }

  private boolean verifies() {
    return Verifier.verify(directory.resolve("journal"), Optional.empty(), Optional.empty())
            .exitStatus()
        == 0;
  }

  private List<Path> segments() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("journal/segments"))) {
      return files.sorted().toList();
    }
  }

  /** Deletes what was signed, as if nothing had been signed yet. */
  private void dropTree() throws IOException {
    deleteTree(directory.resolve("journal/log/tile"));
    Files.delete(directory.resolve("journal/log/checkpoint"));
  }

  private static void deleteTree(Path tree) throws IOException {
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static int end(Path segment) throws IOException {
    byte[] bytes = Files.readAllBytes(segment);
    int end = bytes.length;
    while (bytes[end - 1] == 0) {
      end--;
    }
    return end;
  }

  private static int indexOf(Path segment, String text) throws IOException {
    return new String(Files.readAllBytes(segment), StandardCharsets.ISO_8859_1).indexOf(text);
  }

  private static void overwrite(Path file, long at, byte[] bytes) throws IOException {
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      out.seek(at);
      out.write(bytes);
    }
  }
}
