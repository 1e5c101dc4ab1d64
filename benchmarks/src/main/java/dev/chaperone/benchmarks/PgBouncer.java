package dev.chaperone.benchmarks;

import dev.chaperone.testing.TestPostgres;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/**
 * PgBouncer in session mode, under TLS towards both sides and with SCRAM-SHA-256: as near to what
 * the gateway does as it comes.
 */
final class PgBouncer implements AutoCloseable {
  private static final long LONGEST_START_NANOS = 10_000_000_000L;

  private final Process process;
  private final Way way;

  private PgBouncer(Process process, Way way) {
    this.process = process;
    this.way = way;
  }

  /**
   * Starts it.
   *
   * @param folder for its files; removed by the caller
   */
  static PgBouncer start(Path program, Server server, Path folder)
      throws IOException, InterruptedException {
    var postgres = server.postgres();
    int port = freePort();
    var certificate = postgres.certificates().server("pgbouncer", "localhost", "127.0.0.1");
    var chain = Files.copy(certificate.chain(), folder.resolve("server.pem"));
    var key = Files.copy(certificate.key(), folder.resolve("server.key"));
    var authority = Files.copy(postgres.certificates().authority(), folder.resolve("ca.pem"));
    var users = folder.resolve("users.txt");
    Files.writeString(
        users, "\"%s\" \"%s\"\n".formatted(TestPostgres.APP, TestPostgres.APP_PASSWORD));
    var configuration = folder.resolve("pgbouncer.ini");
    Files.writeString(
        configuration,
        """
        [databases]
        %1$s = host=localhost port=%2$d dbname=%1$s
        [pgbouncer]
        listen_addr = 127.0.0.1
        listen_port = %3$d
        unix_socket_dir =
        auth_type = scram-sha-256
        auth_file = %4$s
        pool_mode = session
        max_client_conn = 400
        default_pool_size = 200
        client_tls_sslmode = require
        client_tls_key_file = %5$s
        client_tls_cert_file = %6$s
        server_tls_sslmode = verify-full
        server_tls_ca_file = %7$s
        log_connections = 0
        log_disconnections = 0
        """
            .formatted(server.database(), postgres.port(), port, users, key, chain, authority));
    var command = new ArrayList<>(List.of(program.toString()));
    if (System.getProperty("user.name", "").equals("root")) { // it refuses to run as root
      readableByAll(folder);
      command.addAll(List.of("-u", "nobody"));
    }
    command.add(configuration.toString());
    var process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("pgbouncer.log").toFile())
            .start();
    awaitListening(process, port, folder);
    var way =
        new Way(
            "PgBouncer",
            port,
            server.database(),
            TestPostgres.APP,
            TestPostgres.APP_PASSWORD,
            authority,
            process);
    return new PgBouncer(process, way);
  }

  private static void readableByAll(Path folder) throws IOException {
    Files.setPosixFilePermissions(
        folder.toAbsolutePath().getParent(), PosixFilePermissions.fromString("rwx--x--x"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (var files = Files.list(folder)) {
      for (var file : files.toList()) {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
      }
    }
  }

  static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static void awaitListening(Process process, int port, Path folder)
      throws IOException, InterruptedException {
    long until = System.nanoTime() + LONGEST_START_NANOS;
    while (System.nanoTime() - until < 0 && process.isAlive()) {
      try (var socket = new Socket()) {
        socket.connect(new InetSocketAddress("127.0.0.1", port), 1_000);
        return;
      } catch (IOException e) {
        Thread.sleep(20);
      }
    }
    process.destroy();
    throw new IOException(
        "pgbouncer does not listen:\n" + Files.readString(folder.resolve("pgbouncer.log")));
  }

  /** Through it. */
  Way way() {
    return way;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
