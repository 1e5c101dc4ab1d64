package dev.chaperone.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The programs of others that are measured with.
 *
 * @param pgbench PostgreSQL's own load generator
 * @param pgbouncer the pooler that the gateway is compared with
 */
record Installed(Path pgbench, Path pgbouncer) {
  private static final Path DEBIAN = Path.of("/usr/lib/postgresql");

  /**
   * Finds them.
   *
   * @throws IllegalArgumentException with what is missing and how to get it
   */
  static Installed find() throws IOException {
    var pgbench = find("pgbench");
    var pgbouncer = find("pgbouncer");
    if (pgbench.isEmpty() || pgbouncer.isEmpty()) {
      throw new IllegalArgumentException(
          "pgbench and pgbouncer are needed and not both installed; on Debian or Ubuntu:"
              + " apt-get install postgresql pgbouncer (and stop the services that it starts)");
    }
    return new Installed(pgbench.get(), pgbouncer.get());
  }

  private static Optional<Path> find(String name) throws IOException {
    var folders = new ArrayList<Path>();
    for (var folder : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
      folders.add(Path.of(folder));
    }
    folders.addAll(List.of(Path.of("/usr/sbin"), Path.of("/usr/local/bin")));
    if (Files.isDirectory(DEBIAN)) {
      try (var versions = Files.list(DEBIAN)) {
        versions.sorted(Comparator.reverseOrder()).forEach(v -> folders.add(v.resolve("bin")));
      }
    }
    return folders.stream()
        .map(folder -> folder.resolve(name))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
