package dev.chaperone.journal.verify;

import dev.chaperone.journal.Entry;
import dev.chaperone.journal.Journal;
import dev.chaperone.journal.Position;
import dev.chaperone.journal.Samples;
import dev.chaperone.journal.SegmentedJournal;
import dev.chaperone.journal.merkle.EntryBundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A journal's directory to do harm to. */
final class LogCopy {
  final Path directory;

  LogCopy(Path directory) {
    this.directory = directory;
  }

  /** The {@code i}-th entry of a series in which each hundred is one session. */
  static Entry entry(long i) {
    long n = i % 100 + 1;
    String type = n == 1 ? "session.opened" : n == 100 ? "session.ended" : "content";
    return Entry.of(
        type,
        Samples.time(i),
        fields ->
            fields
                .put("session", session(i))
                .put("n", n)
                .put("text", "entry number " + i + " of the series"));
  }

  static String session(long i) {
    return "s-" + i / 100;
  }

  static String time(long i) {
    return Samples.time(i).toString().replace("Z", ".000000Z");
  }

  /** Adds entries of the series in a run of the journal of their own. */
  static void run(Path directory, long from, long to) throws Exception {
    try (Journal journal = SegmentedJournal.open(directory, Samples.settings())) {
      Position last = new Position(0);
      for (long i = from; i < to; i++) {
        last = journal.enqueue(entry(i));
      }
      journal.await(last);
    }
  }

  LogCopy copyTo(Path target) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      files.forEach(file -> {
        try {
          Files.copy(file, target.resolve(directory.relativize(file).toString()));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      });
    }
    return new LogCopy(target);
  }

  Path file(String name) {
    return directory.resolve(name);
  }

  Path log(String name) {
    return directory.resolve("log").resolve(name);
  }

  /** The files that are verified, relative to the directory. */
  List<String> files() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> directory.relativize(file).toString())
          .filter(name -> name.startsWith("log/") || name.startsWith("segments/"))
          .sorted()
          .toList();
    }
  }

  static void change(Path file, UnaryOperator<byte[]> change) throws IOException {
    Files.write(file, change.apply(Files.readAllBytes(file)));
  }

  static void flip(Path file, int at) throws IOException {
    change(
        file,
        bytes -> {
          bytes[at] ^= 1;
          return bytes;
        });
  }

  /** Changes the list of entries of a bundle. */
  static void changeEntries(Path bundle, UnaryOperator<List<byte[]>> change) throws IOException {
    change(bundle, bytes -> EntryBundle.encode(change.apply(EntryBundle.decode(bytes).entries())));
  }

  /** Where in a file the text stands. */
  static int indexOf(Path file, String text) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).indexOf(text);
  }

  Verification verify() {
    return Verifier.verify(directory, Optional.empty(), Optional.empty());
  }

  Verification verifyLogAlone() {
    return Verifier.verify(directory.resolve("log"), Optional.empty(), Optional.empty());
  }

  Verification verifySince(Path earlier) {
    return Verifier.verify(directory, Optional.empty(), Optional.of(earlier));
  }
}
