package dev.chaperone.app.serve;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * The gateway's own directory: journal, state, keys. Readable by its owner alone (mode 0700), and
 * held by one process at a time until it is closed.
 */
public final class DataDirectory implements AutoCloseable {
  private static final String PRIVATE = "rwx------";

  private final Path path;
  private final FileChannel file;
  private final FileLock lock;

  private DataDirectory(Path path, FileChannel file, FileLock lock) {
    this.path = path;
    this.file = file;
    this.lock = lock;
  }

  /**
   * Makes the directory where there is none, and takes it.
   *
   * @throws IOException when it cannot be made or used, is open to other users, or is held by
   *     another process; the message names it and says what to do
   */
  public static DataDirectory open(Path path) throws IOException {
    makePrivate(path);
    var permissions = Files.getPosixFilePermissions(path);
    var others = PosixFilePermissions.fromString("---rwxrwx");
    if (permissions.stream().anyMatch(others::contains)) {
      throw new IOException(
          path + " is open to other users of this machine; run: chmod 700 " + path);
    }
    var file =
        FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    var lock = tryLock(file);
    if (lock == null) {
      file.close();
      throw new IOException(path + " is in use by another chaperone; stop it first");
    }
    return new DataDirectory(path, file, lock);
  }

  private static @Nullable FileLock tryLock(FileChannel file) throws IOException {
    try {
      return file.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // this very process holds it already
    }
  }

  /** The directory itself. */
  public Path path() {
    return path;
  }

  /** A directory of this name inside it, made private where there is none. */
  public Path folder(String name) throws IOException {
    var folder = path.resolve(name);
    makePrivate(folder);
    return folder;
  }

  private static void makePrivate(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    var parent = folder.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    Files.createDirectory(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(PRIVATE)));
  }

  /** Lets other processes take it. */
  @Override
  public void close() throws IOException {
    lock.release();
    file.close();
  }
}
