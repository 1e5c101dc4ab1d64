package dev.chaperone.journal.note;

import dev.chaperone.journal.log.Durable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/** A log's key on disk: the private half for the gateway's user alone, the public one to serve. */
public final class KeyFiles {
  private static final Set<PosixFilePermission> OWNER =
      EnumSet.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE);

  private KeyFiles() {}

  /** Reads the private key of the log {@code origin}. */
  public static SigningKey read(Path file, String origin) throws IOException {
    requireOwnerOnly(file, "600");
    SigningKey key;
    try {
      key = SigningKey.parse(Files.readString(file));
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
    if (!key.verifierKey().name().equals(origin)) {
      throw new IOException(
          file + ": this is the key of the log " + key.verifierKey().name() + ", not of " + origin);
    }
    return key;
  }

  /** Makes the private key of the log {@code origin}, durably. */
  public static SigningKey create(Durable files, Path file, String origin) throws IOException {
    SigningKey key = SigningKey.generate(origin);
    files.putNow(file, (key.secretText() + "\n").getBytes(StandardCharsets.UTF_8));
    return key;
  }

  /**
   * Puts the public half beside the log, where it is missing.
   *
   * @throws IOException if another key's is there
   */
  public static void publish(Durable files, Path file, VerifierKey key) throws IOException {
    String line = key + "\n";
    if (!Files.exists(file)) {
      files.putNow(file, line.getBytes(StandardCharsets.UTF_8));
    } else if (!Files.readString(file).equals(line)) {
      throw new IOException(file + ": this is not the public half of the log's private key");
    }
  }

  /**
   * Checks that group and others have no access.
   *
   * @param mode what the message recommends
   */
  public static void requireOwnerOnly(Path path, String mode) throws IOException {
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
    if (!OWNER.containsAll(permissions)) {
      throw new IOException(
          path
              + ": others than its owner have access ("
              + PosixFilePermissions.toString(permissions)
              + "); set its mode to "
              + mode);
    }
  }
}
