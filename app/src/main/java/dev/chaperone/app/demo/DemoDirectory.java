package dev.chaperone.app.demo;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/** The demo's own directory: made anew each time, and told from other directories by a mark. */
final class DemoDirectory {
  private static final String MARK = "this-is-a-chaperone-demo";

  private final Path path;

  private DemoDirectory(Path path) {
    this.path = path;
  }

  /**
   * Makes the directory empty. One of an earlier demo is emptied; any other that holds something is
   * left alone.
   *
   * @throws IOException when it is not a demo's, or cannot be made
   */
  static DemoDirectory fresh(Path path) throws IOException {
    var absolute = path.toAbsolutePath().normalize();
    if (Files.exists(absolute)) {
      if (!Files.exists(absolute.resolve(MARK)) && !isEmpty(absolute)) {
        throw new IOException(
            absolute + " holds something that is not a demo's; name another with --directory");
      }
      remove(absolute);
    }
    Files.createDirectories(absolute);
    Files.setPosixFilePermissions(absolute, PosixFilePermissions.fromString("rwx------"));
    Files.writeString(
        absolute.resolve(MARK), "chaperone demo empties this directory at its start\n");
    return new DemoDirectory(absolute);
  }

  private static boolean isEmpty(Path folder) throws IOException {
    try (var content = Files.list(folder)) {
      return content.findAny().isEmpty();
    }
  }

  /** Without following links, so that nothing outside is touched. */
  private static void remove(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path one, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(one);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  Path path() {
    return path;
  }

  Path file(String name) {
    return path.resolve(name);
  }

  /** Writes a file. */
  Path write(String name, String text) throws IOException {
    return Files.writeString(path.resolve(name), text);
  }

  /** A directory inside it, for its owner alone. */
  Path folder(String name) throws IOException {
    return Files.createDirectory(
        path.resolve(name),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }
}
