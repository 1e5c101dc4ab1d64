package dev.chaperone.journal.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaperone.journal.merkle.Hash;
import dev.chaperone.journal.merkle.HashTile;
import dev.chaperone.journal.merkle.TreeHasher;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Seven hundred entries: two full tiles, a partial one, older partial ones, a level above. */
class TamperTest {
  private static final int SIZE = 700;
  private static final String SEGMENT = "segments/00000000000000000000.seg";

  @TempDir static Path originals;
  private static LogCopy original = new LogCopy(Path.of("unset"));

  @TempDir Path copies;
  private LogCopy copy = original;

  @BeforeAll
  static void record() throws Exception {
    Path directory = originals.resolve("journal");
    LogCopy.run(directory, 0, 560);
    LogCopy.run(directory, 560, 600);
    LogCopy.run(directory, 600, SIZE);
    original = new LogCopy(directory);
  }

  @BeforeEach
  void copy() throws Exception {
    copy = original.copyTo(copies.resolve("copy"));
  }

  @Test
  void anUntouchedCopyIsSound() throws Exception {
    assertThat(copy.files()).contains("log/tile/0/002.p/88", "log/tile/0/002.p/188");
    assertThat(copy.verify())
        .isInstanceOfSatisfying(
            Verification.Sound.class,
            sound -> {
              assertThat(sound.subject().size()).isEqualTo(SIZE);
              assertThat(sound.subject().keyFromLog()).isTrue();
              assertThat(sound.exitStatus()).isZero();
            });
    assertThat(copy.verifyLogAlone()).isInstanceOf(Verification.Sound.class);
    Path data = Files.createDirectory(copies.resolve("data"));
    original.copyTo(data.resolve("journal"));
    assertThat(Verifier.verify(data, Optional.empty(), Optional.empty()).exitStatus()).isZero();
  }

  @Test
  void aChangedEntryIsNamedWithItsTimeAndSession() throws Exception {
    Path bundle = copy.log("tile/entries/001");
    LogCopy.flip(bundle, LogCopy.indexOf(bundle, "entry number 345"));
    Finding finding = only(copy.verify());
    assertThat(finding.where()).isEqualTo("tile/entries/001");
    assertThat(finding.what()).isEqualTo("entry 345 changed");
    assertSince(finding, 345);
    assertSince(only(copy.verifyLogAlone()), 345);
  }

  @Test
  void aChangedEntryOfThePartialBundleIsNamed() throws Exception {
    Path bundle = copy.log("tile/entries/002.p/188");
    LogCopy.flip(bundle, LogCopy.indexOf(bundle, "entry number 699"));
    Finding finding = only(copy.verifyLogAlone());
    assertThat(finding.what()).isEqualTo("entry 699 changed");
    assertSince(finding, 699);
  }

  @Test
  void aChangedRecordIsNamedWithFileAndOffset() throws Exception {
    Path segment = copy.file(SEGMENT);
    LogCopy.flip(segment, LogCopy.indexOf(segment, "entry number 345"));
    Finding finding = only(copy.verify());
    assertThat(finding.where()).startsWith(SEGMENT + ", offset ");
    assertSince(finding, 345);
  }

  @Test
  void aChangedHashIsNamedAtEveryLevel() throws Exception {
    LogCopy.flip(copy.log("tile/0/001"), 3 * Hash.BYTES);
    LogCopy.flip(copy.log("tile/0/002.p/188"), 4 * Hash.BYTES);
    LogCopy.flip(copy.log("tile/1/000.p/2"), 0);
    List<Finding> findings = tampered(copy.verify());
    assertThat(findings)
        .extracting(Finding::where)
        .containsExactlyInAnyOrder("tile/0/001", "tile/0/002.p/188", "tile/1/000.p/2");
    assertThat(findings)
        .extracting(Finding::what)
        .containsExactlyInAnyOrder("hash 3 changed", "hash 4 changed", "hash 0 changed");
  }

  @Test
  void anyOneByteChangedIsNamed() throws Exception {
    long seed = 20261123;
    Random random = new Random(seed);
    String key = Files.readString(copy.log("key.pub"));
    for (String name : original.files()) {
      Path file = copy.file(name);
      byte[] whole = Files.readAllBytes(file);
      for (int at : places(whole.length, random)) {
        LogCopy.flip(file, at);
        Verification result = Verifier.verify(copy.directory, Optional.of(key), Optional.empty());
        String said = "seed " + seed + ", " + name + " byte " + at + ": " + result;
        assertThat(result.exitStatus()).as(said).isIn(3, 4);
        assertThat(result.toString()).as(said).contains(name.replaceFirst("^log/", ""));
        Files.write(file, whole);
      }
    }
    assertThat(copy.verify().exitStatus()).isZero();
  }

  private static List<Integer> places(int length, Random random) {
    List<Integer> places = new ArrayList<>(List.of(0, length - 1, length / 2));
    for (int i = 0; i < 5; i++) {
      places.add(random.nextInt(length));
    }
    return places;
  }

  @Test
  void aMissingFileIsNamed() throws Exception {
    for (String name : original.files()) {
      boolean needed =
          !name.matches("log/(checkpoint|key.pub)")
              && (!name.contains(".p/") || name.matches(".*\\.p/(188|2)"));
      if (needed) {
        Path file = copy.file(name);
        byte[] whole = Files.readAllBytes(file);
        Files.delete(file);
        Verification result = copy.verify();
        assertThat(result.exitStatus()).as(name + ": " + result).isEqualTo(3);
        String where = name.startsWith("segments") ? "segments" : name.substring(4);
        assertThat(tampered(result))
            .as(name)
            .anyMatch(finding -> finding.where().startsWith(where));
        Files.write(file, whole);
      }
    }
  }

  @Test
  void aTruncatedFileIsNamed() throws Exception {
    for (String name : original.files()) {
      Path file = copy.file(name);
      byte[] whole = Files.readAllBytes(file);
      int end = name.startsWith("segments") ? whole.length / 4 : whole.length - 1;
      Files.write(file, Arrays.copyOf(whole, end));
      String key = Files.readString(original.log("key.pub"));
      Verification result = Verifier.verify(copy.directory, Optional.of(key), Optional.empty());
      assertThat(result.exitStatus()).as(name + ": " + result).isEqualTo(3);
      assertThat(result.toString()).contains(name.replaceFirst("^log/", ""));
      Files.write(file, whole);
    }
  }

  @Test
  void aFileThatDoesNotBelongIsNamed() throws Exception {
    for (String name :
        List.of(
            "log/tile/0/003",
            "log/tile/entries/002.p/189",
            "log/tile/0/x000/001",
            "log/notes.txt",
            "segments/x")) {
      Path file = copy.file(name);
      Files.createDirectories(file.resolveSibling(""));
      Files.write(file, new byte[32]);
      Finding finding = only(copy.verify());
      assertThat(finding.where()).isEqualTo(name.replaceFirst("^log/", ""));
      assertThat(finding.what()).contains("does not belong");
      Files.delete(file);
    }
  }

  @Test
  void deletedInsertedAndSwappedEntriesAreNamed() throws Exception {
    Path bundle = copy.log("tile/entries/000");
    byte[] whole = Files.readAllBytes(bundle);
    LogCopy.changeEntries(
        bundle,
        entries -> {
          Collections.swap(entries, 10, 11);
          return entries;
        });
    Finding swapped = only(copy.verifyLogAlone());
    assertThat(swapped.what()).isEqualTo("entries 10 to 11 changed");

    Files.write(bundle, whole);
    LogCopy.changeEntries(
        bundle,
        entries -> {
          entries.remove(10);
          return entries;
        });
    assertThat(tampered(copy.verify()))
        .extracting(Finding::what)
        .anyMatch(what -> what.startsWith("has 255 entries"))
        .anyMatch(what -> what.startsWith("entries 10 to "));

    Files.write(bundle, whole);
    LogCopy.changeEntries(
        bundle,
        entries -> {
          entries.add(10, "{}".getBytes(StandardCharsets.UTF_8));
          return entries;
        });
    assertThat(tampered(copy.verify()))
        .extracting(Finding::what)
        .anyMatch(what -> what.startsWith("has 257 entries"))
        .anyMatch(what -> what.startsWith("entries 10 to 255"));
  }

  @Test
  void swappedBundlesAreNamed() throws Exception {
    Path first = copy.log("tile/entries/000");
    Path second = copy.log("tile/entries/001");
    byte[] held = Files.readAllBytes(first);
    Files.write(first, Files.readAllBytes(second));
    Files.write(second, held);
    assertThat(tampered(copy.verify()))
        .extracting(Finding::where)
        .contains("tile/entries/000", "tile/entries/001");
  }

  @Test
  void anEntryChangedTogetherWithItsTilesIsNamed() throws Exception {
    rewrite(345, false);
    Finding finding = only(copy.verifyLogAlone());
    assertThat(finding.what()).contains("entries 256 to 511");
    assertSince(finding, 256);
    assertThat(tampered(copy.verify()))
        .as("the segments still have the true entry")
        .anySatisfy(named -> assertSince(named, 345));
  }

  @Test
  void aLogRewrittenThroughoutDoesNotHaveTheSignedRoot() throws Exception {
    rewrite(345, true);
    assertThat(tampered(copy.verifyLogAlone()))
        .extracting(Finding::what)
        .containsExactly("the 700 entries do not have the root that was signed");
    assertThat(tampered(copy.verify()))
        .as("the segments still have the true entry, so it is named")
        .anySatisfy(finding -> assertSince(finding, 345));
  }

  /** Changes an entry, the hash of it and, throughout, the hash above. */
  private void rewrite(int entry, boolean throughout) throws Exception {
    TreeHasher hasher = new TreeHasher();
    int tile = entry / 256;
    byte[] forged = LogCopy.entry(entry + 1000).bytes();
    LogCopy.changeEntries(
        copy.log("tile/entries/00" + tile),
        entries -> {
          entries.set(entry % 256, forged);
          return entries;
        });
    Path hashes = copy.log("tile/0/00" + tile);
    LogCopy.change(
        hashes,
        bytes -> {
          hasher.leaf(forged).copyTo(bytes, entry % 256 * Hash.BYTES);
          return bytes;
        });
    if (throughout) {
      Hash above = hasher.root(HashTile.decode(Files.readAllBytes(hashes)));
      LogCopy.change(
          copy.log("tile/1/000.p/2"),
          bytes -> {
            above.copyTo(bytes, tile * Hash.BYTES);
            return bytes;
          });
    }
  }

  static void assertSince(Finding finding, long index) {
    assertThat(finding.since())
        .as(finding.toString())
        .hasValueSatisfying(since -> {
          assertThat(since.index()).isEqualTo(index);
          assertThat(since.time()).contains(LogCopy.time(index));
          assertThat(since.session()).contains(LogCopy.session(index));
        });
  }

  static List<Finding> tampered(Verification result) {
    assertThat(result).isInstanceOf(Verification.Tampered.class);
    assertThat(result.exitStatus()).isEqualTo(3);
    return ((Verification.Tampered) result).findings();
  }

  static Finding only(Verification result) {
    List<Finding> findings = tampered(result);
    assertThat(findings).hasSize(1);
    return findings.getFirst();
  }
}
