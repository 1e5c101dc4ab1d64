package dev.chaperone.e2e.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The repository's own files, without what builds and runs leave behind. */
final class Sources {
  private static final Set<String> NOT_OURS = Set.of(".git", ".idea", ".vscode", "node_modules");

  /** What builds and runs leave behind; only beside a POM, since a package may have these names. */
  private static final Set<String> LEFT_BEHIND = Set.of("target", "data", "chaperone-demo");

  private Sources() {}

  /** The repository's root: where {@code build} and the root POM lie. */
  static Path root() {
    var folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("build")) || !Files.exists(folder.resolve("LICENSE"))) {
      folder = folder.getParent();
      if (folder == null) {
        throw new IllegalStateException("not inside the repository");
      }
    }
    return folder;
  }

  /** Every file, relative to the root, in order. */
  static List<Path> all() {
    var root = root();
    var files = new ArrayList<Path>();
    try {
      Files.walkFileTree(
          root,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
              return isOurs(folder) || folder.equals(root)
                  ? FileVisitResult.CONTINUE
                  : FileVisitResult.SKIP_SUBTREE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              files.add(root.relativize(file));
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    files.sort(null);
    return files;
  }

  private static boolean isOurs(Path folder) {
    var name = folder.getFileName().toString();
    return !NOT_OURS.contains(name)
        && !(LEFT_BEHIND.contains(name) && Files.exists(folder.resolveSibling("pom.xml")));
  }

  /** Every file of these endings. */
  static List<Path> withEnding(String... endings) {
    return all().stream()
        .filter(file -> {
          for (var ending : endings) {
            if (file.toString().endsWith(ending)) {
              return true;
            }
          }
          return false;
        })
        .toList();
  }

  /** Every Java source. */
  static List<Path> java() {
    return withEnding(".java");
  }

  /** Whether a Java source is test code, the library for tests included. */
  static boolean isTest(Path file) {
    return file.toString().contains("src/test/") || file.startsWith("testing");
  }

  static String text(Path file) {
    try {
      return Files.readString(root().resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  static List<String> lines(Path file) {
    return text(file).lines().toList();
  }
}
