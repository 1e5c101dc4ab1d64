package dev.chaperone.journal.log;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Every operation by which a journal changes the disk, so that each can be made to fail. Reading
 * needs no such wall: what it brings is checked.
 */
public interface Disk {

  /** The machine's own file system. */
  static Disk local() {
    return new LocalDisk();
  }

  /** Makes an empty file, readable by its owner alone, that must not exist yet. */
  DiskFile create(Path file) throws IOException;

  /** Opens a file that exists. */
  DiskFile open(Path file) throws IOException;

  /** Makes a directory and those above it, for the owner alone; one that exists is left alone. */
  void createDirectories(Path directory) throws IOException;

  /** Moves a file onto a name in the same file system, replacing what has it, atomically. */
  void rename(Path from, Path to) throws IOException;

  /** Deletes a file or an empty directory, if it exists. */
  void delete(Path path) throws IOException;

  /** Makes the names in a directory durable. */
  void syncDirectory(Path directory) throws IOException;
}
