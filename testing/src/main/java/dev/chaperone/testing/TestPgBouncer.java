package dev.chaperone.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A real PgBouncer in session mode on a free loopback port, in front of a {@link TestPostgres};
 * Debian's package {@code pgbouncer} must be there. Clients need TLS and a password by
 * SCRAM-SHA-256. Nothing beside the pool is set: what it does not take by default, it refuses.
 */
public final class TestPgBouncer implements AutoCloseable {
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(20);

  /** Whom it runs as where the tests run as root, which it refuses. */
  private static final String UNPRIVILEGED = "nobody";

  /** Debian's first, which is not on everybody's path. */
  private static final List<String> FOLDERS =
      List.of("/usr/sbin", "/usr/local/bin", "/opt/homebrew/bin", "/usr/bin");

  private final Process process;
  private final int port;
  private final Path directory;

  private TestPgBouncer(Process process, int port, Path directory) {
    this.process = process;
    this.port = port;
    this.directory = directory;
  }

  /** Starts one; who calls closes it. Blocks until it listens. */
  public static TestPgBouncer before(TestPostgres postgres) {
    try {
      var directory = Files.createTempDirectory("chaperone-pgbouncer");
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
      int port;
      try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        port = free.getLocalPort();
      }
      var certificate = postgres.certificates().server("pgbouncer", "localhost", "127.0.0.1");
      copy(certificate.chain(), directory.resolve("chain.pem"));
      copy(certificate.key(), directory.resolve("key.pem"));
      readable(
          Files.writeString(
              directory.resolve("users.txt"),
              "\"%s\" \"%s\"\n".formatted(TestPostgres.APP, TestPostgres.APP_PASSWORD)));
      var settings = directory.resolve("pgbouncer.ini");
      readable(Files.writeString(settings, settings(postgres, port, directory)));
      var command = new ArrayList<>(List.of(program(), settings.toString()));
      if (System.getProperty("user.name").equals("root")) {
        command.addAll(1, List.of("-u", UNPRIVILEGED));
      }
      var process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("output.txt").toFile())
              .start();
      var started = new TestPgBouncer(process, port, directory);
      Await.until("PgBouncer listens", LONGEST_WAIT, started::listens);
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String settings(TestPostgres postgres, int port, Path directory) {
    return """
    [databases]
    * = host=127.0.0.1 port=%d
    [pgbouncer]
    listen_addr = 127.0.0.1
    listen_port = %d
    unix_socket_dir =
    pool_mode = session
    auth_type = scram-sha-256
    auth_file = %s/users.txt
    client_tls_sslmode = require
    client_tls_cert_file = %s/chain.pem
    client_tls_key_file = %s/key.pem
    server_tls_sslmode = require
    """
        .formatted(postgres.port(), port, directory, directory, directory);
  }

  private static String program() throws IOException {
    for (var folder : FOLDERS) {
      var program = Path.of(folder, "pgbouncer");
      if (Files.isExecutable(program)) {
        return program.toString();
      }
    }
    throw new IOException("there is no pgbouncer; install Debian's package of that name");
  }

  private static void copy(Path from, Path to) throws IOException {
    readable(Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING));
  }

  private static void readable(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
  }

  private boolean listens() {
    if (!process.isAlive()) {
      throw new IllegalStateException("PgBouncer ended; see " + directory.resolve("output.txt"));
    }
    try (var probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return probe.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  /** Where it listens, with a certificate for {@code localhost}. */
  public int port() {
    return port;
  }

  /** Ends it and removes its directory. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
      try (var files = Files.list(directory)) {
        for (var file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
