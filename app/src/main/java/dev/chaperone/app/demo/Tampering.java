package dev.chaperone.app.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/** Does to a copy of a log what somebody with access to the disk could do. */
final class Tampering {
  private Tampering() {}

  /**
   * Copies what a log is verified by; not its private key.
   *
   * @param journal a journal's directory
   * @param to made by this
   */
  static void copy(Path journal, Path to) throws IOException {
    for (var part : new String[] {"log", "segments"}) {
      try (var files = Files.walk(journal.resolve(part))) {
        for (var file : files.toList()) {
          var copy = to.resolve(journal.relativize(file));
          if (Files.isDirectory(file)) {
            Files.createDirectories(copy);
          } else {
            Files.copy(file, copy);
          }
        }
      }
    }
  }

  /**
   * Changes the last byte of the first place where {@code text} stands, in the longest of the log's
   * bundles of entries that hold it.
   *
   * @return the file that was changed
   */
  static Path change(Path journal, String text) throws IOException {
    var wanted = text.getBytes(StandardCharsets.UTF_8);
    try (var files = Files.walk(journal.resolve("log").resolve("tile").resolve("entries"))) {
      var bySize = Comparator.comparingLong((Path file) -> file.toFile().length()).reversed();
      for (var file : files.filter(Files::isRegularFile).sorted(bySize).toList()) {
        var bytes = Files.readAllBytes(file);
        int at = indexOf(bytes, wanted);
        if (at >= 0) {
          bytes[at + wanted.length - 1] ^= 1;
          Files.write(file, bytes);
          return file;
        }
      }
    }
    throw new IOException("no entry in " + journal + " says \"" + text + "\"");
  }

  private static int indexOf(byte[] bytes, byte[] wanted) {
    for (int i = 0; i + wanted.length <= bytes.length; i++) {
      int matched = 0;
      while (matched < wanted.length && bytes[i + matched] == wanted[matched]) {
        matched++;
      }
      if (matched == wanted.length) {
        return i;
      }
    }
    return -1;
  }
}
