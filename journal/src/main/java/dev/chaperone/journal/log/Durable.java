package dev.chaperone.journal.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Whole files, put in place so that a crash leaves the old one or the new one: written beside,
 * synced, renamed, the directory synced. Used by one thread.
 */
public final class Durable {
  private final Disk disk;
  private final Path scratch;
  private final Set<Path> unsynced = new LinkedHashSet<>();
  private long sequence;

  /**
   * Prepares to make files.
   *
   * @param scratch where files are made, in the same file system; emptied
   */
  public Durable(Disk disk, Path scratch) throws IOException {
    this.disk = disk;
    this.scratch = scratch;
    disk.createDirectories(scratch);
    try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(scratch)) {
      for (Path leftover : leftovers) {
        disk.delete(leftover);
      }
    }
  }

  /** Puts a file in place; its name is durable once {@link #syncNames} returns. */
  public void put(Path file, byte[] content) throws IOException {
    Path made = scratch.resolve(file.getFileName() + "." + sequence++);
    try (DiskFile out = disk.create(made)) {
      out.write(ByteBuffer.wrap(content), 0);
      out.sync();
    }
    Path directory = parent(file);
    makeDirectory(directory);
    disk.rename(made, file);
    unsynced.add(directory);
  }

  /** Puts a file in place durably. */
  public void putNow(Path file, byte[] content) throws IOException {
    put(file, content);
    syncNames();
  }

  /** Makes the names of the files that were put durable. */
  public void syncNames() throws IOException {
    for (Path directory : unsynced) {
      disk.syncDirectory(directory);
    }
    unsynced.clear();
  }

  /** Makes a directory, whose name is durable once {@link #syncNames} returns. */
  public void makeDirectory(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    Path above = parent(directory);
    makeDirectory(above);
    disk.createDirectories(directory);
    unsynced.add(above);
  }

  /** Deletes a directory of files. Whether it stays deleted after a crash does not matter. */
  public void deleteDirectory(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        disk.delete(file);
      }
    }
    unsynced.remove(directory);
    disk.delete(directory);
  }

  private static Path parent(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    if (parent == null) {
      throw new IllegalArgumentException("no directory holds " + file);
    }
    return parent;
  }
}
