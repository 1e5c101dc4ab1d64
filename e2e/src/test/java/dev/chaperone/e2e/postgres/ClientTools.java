package dev.chaperone.e2e.postgres;

import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * Installs what programs in other languages need, in the versions that their lock files name, into
 * the module's {@code target/clients}; what is there already stays. Where a language is missing, a
 * test fails if {@code CI} is true, and is aborted otherwise.
 */
final class ClientTools {
  private static final Duration INSTALLATION = Duration.ofMinutes(5);
  private static final Path SOURCES = Path.of("src", "test", "clients").toAbsolutePath();
  private static final Path TARGET = Path.of("target", "clients").toAbsolutePath();

  private ClientTools() {}

  /** What starts a Python program of ours. */
  static List<String> python(String program) throws Exception {
    var home = TARGET.resolve("python");
    var python = home.resolve("bin").resolve("python").toString();
    var requirements = SOURCES.resolve("python").resolve("requirements.txt");
    if (!isInstalled(home, requirements)) {
      need("python3", "--version");
      run(SOURCES, "python3", "-m", "venv", "--clear", home.toString());
      var pip = List.of(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check");
      var what = List.of("--only-binary=:all:", "--no-deps", "-r", requirements.toString());
      run(SOURCES, Stream.concat(pip.stream(), what.stream()).toArray(String[]::new));
      installed(home, requirements);
    }
    return List.of(python, "-B", SOURCES.resolve("python").resolve(program).toString());
  }

  /** What starts a Node.js program of ours. */
  static List<String> node(String program) throws Exception {
    var home = Files.createDirectories(TARGET.resolve("node"));
    var lock = SOURCES.resolve("node").resolve("package-lock.json");
    need("node", "--version");
    if (!isInstalled(home, lock)) {
      need("npm", "--version");
      copy("package.json", home);
      copy("package-lock.json", home);
      run(home, "npm", "ci", "--silent", "--ignore-scripts", "--no-audit", "--no-fund");
      installed(home, lock);
    }
    // A module finds its packages beside itself.
    return List.of("node", copy(program, home).toString());
  }

  /** The Go program of ours. */
  static List<String> go() throws Exception {
    var program = TARGET.resolve("go").resolve("clients").toString();
    need("go", "version");
    run(SOURCES.resolve("go"), "go", "build", "-mod=readonly", "-o", program, ".");
    return List.of(program);
  }

  private static Path copy(String file, Path home) throws IOException {
    var from = SOURCES.resolve("node").resolve(file);
    return Files.copy(from, home.resolve(file), StandardCopyOption.REPLACE_EXISTING);
  }

  private static boolean isInstalled(Path home, Path lock) throws IOException {
    var mark = home.resolve("installed");
    return Files.exists(mark) && Files.mismatch(mark, lock) < 0;
  }

  private static void installed(Path home, Path lock) throws IOException {
    Files.copy(lock, home.resolve("installed"), StandardCopyOption.REPLACE_EXISTING);
  }

  /** Ends the test where this program cannot be run. */
  private static void need(String... command) throws Exception {
    try {
      run(SOURCES, command);
    } catch (IOException e) {
      var missing = command[0] + " is not installed, so its clients are not tested";
      if (Boolean.parseBoolean(System.getenv("CI"))) {
        fail(missing, e);
      }
      Assumptions.abort(missing);
    }
  }

  private static void run(Path directory, String... command) throws Exception {
    var builder = new ProcessBuilder(command).directory(directory.toFile());
    var finished = Finished.run(builder, INSTALLATION);
    if (finished.status() != 0) {
      fail("%s failed:%n%s%s", List.of(command), finished.out(), finished.err());
    }
  }
}
