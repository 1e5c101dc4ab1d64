package dev.chaperone.app.serve;

import dev.chaperone.postgres.session.HashKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;

/**
 * The key of {@code hash} masks, kept in the data directory, so that equal values look equal over
 * restarts too.
 */
final class HashKeyFile {
  private static final int BYTES = 32;

  private HashKeyFile() {}

  /** Reads the key, or makes one where there is none. */
  static HashKey in(DataDirectory data) throws IOException {
    var file = data.path().resolve("hash.key");
    if (!Files.exists(file)) {
      make(file);
    }
    var bytes = Files.readAllBytes(file);
    if (bytes.length != BYTES) {
      throw new IOException(file + " is damaged: it has " + bytes.length + " bytes, not " + BYTES);
    }
    return new HashKey(bytes);
  }

  private static void make(Path file) throws IOException {
    var bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    var beside = file.resolveSibling("hash.key.new");
    Files.deleteIfExists(beside);
    Files.createFile(
        beside, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.write(beside, bytes);
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
