package dev.chaperone.app.demo;

import dev.chaperone.app.tls.OwnAuthority;
import dev.chaperone.app.tls.PemFiles;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;

/**
 * A real PostgreSQL in the demo's directory, on a free loopback port, with TLS and passwords, and a
 * small shop in it. Nobody but the gateway and the demo's own checks knows its passwords.
 */
final class DemoDatabase implements AutoCloseable {
  static final String NAME = "shop";
  static final String LOGIN = "shop_app";

  private static final String SUPERUSER = "postgres";
  private static final Duration LONGEST_START = Duration.ofSeconds(60);
  private static final String SETTINGS =
      """
      ssl = on
      ssl_cert_file = 'server.crt'
      ssl_key_file = 'server.key'
      password_encryption = 'scram-sha-256'
      unix_socket_directories = ''
      """;
  private static final String ACCESS = "hostssl all all samehost scram-sha-256\n";
  private static final String SHOP =
      """
      CREATE TABLE customers (id int PRIMARY KEY, name text NOT NULL, email text, card text);
      CREATE TABLE orders (id int PRIMARY KEY, customer int REFERENCES customers, item text);
      CREATE TABLE abandoned_carts (id int PRIMARY KEY, customer int, item text);
      INSERT INTO customers VALUES
        (1, 'Ada Lovelace', 'ada@analytical.example', '4929123456781234'),
        (2, 'Grace Hopper', 'grace@compiler.example', '5500005555555559'),
        (3, 'Alan Turing', 'alan@enigma.example', '4012888888881881');
      INSERT INTO orders VALUES (1, 1, 'gears'), (2, 2, 'nanoseconds'), (3, 3, 'tape');
      INSERT INTO abandoned_carts VALUES (1, 2, 'moths'), (2, 3, 'apples');
      """;

  private final EmbeddedPostgres server;
  private final Path authority;
  private final String superuserPassword;

  private DemoDatabase(EmbeddedPostgres server, Path authority, String superuserPassword) {
    this.server = server;
    this.authority = authority;
    this.superuserPassword = superuserPassword;
  }

  /** Starts it and fills it; the login's password stands in the file {@code password}. */
  static DemoDatabase start(DemoDirectory directory) throws IOException, SQLException {
    var folder = directory.folder("postgres");
    var own = OwnAuthority.in(folder, Clock.systemUTC());
    var superuserPassword = password();
    var data = folder.resolve("data");
    var output = folder.resolve("output.txt").toFile();
    var server =
        EmbeddedPostgres.builder()
            .setDataDirectory(data)
            .setCleanDataDirectory(false)
            .setRegisterShutdownHook(false) // the demo stops it in its own order
            .setLocaleConfig("locale", "C.UTF-8")
            .setPGStartupWait(LONGEST_START)
            .setErrorRedirector(Redirect.appendTo(output))
            .setOutputRedirector(Redirect.appendTo(output))
            .setDataDirectoryCustomizer(made -> customize(made, own))
            .start();
    var database = new DemoDatabase(server, own.certificateFile(), superuserPassword);
    try {
      database.fill(data, directory);
      return database;
    } catch (IOException | SQLException | RuntimeException e) {
      database.close();
      throw e;
    }
  }

  private static void customize(File data, OwnAuthority own) {
    try {
      var served = own.issue(List.of("localhost", "127.0.0.1", "::1"));
      PemFiles.writeChain(data.toPath().resolve("server.crt"), served.chain());
      PemFiles.writeKey(data.toPath().resolve("server.key"), served.key());
      Files.writeString(
          data.toPath().resolve("postgresql.conf"), SETTINGS, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Until here the loopback is trusted, as the data directory was made; from here nobody is. */
  private void fill(Path data, DemoDirectory directory) throws IOException, SQLException {
    var password = password();
    try (var connection = superuser("postgres");
        var statement = connection.createStatement()) {
      statement.execute("ALTER ROLE postgres PASSWORD '" + superuserPassword + "'");
      statement.execute("CREATE ROLE " + LOGIN + " LOGIN PASSWORD '" + password + "'");
      statement.execute("CREATE DATABASE " + NAME + " OWNER " + LOGIN);
      Files.writeString(data.resolve("pg_hba.conf"), ACCESS);
      statement.execute("SELECT pg_reload_conf()");
    }
    try (var connection = connect(NAME, LOGIN, password);
        var statement = connection.createStatement()) {
      statement.execute(SHOP);
    }
    directory.write("password", password + "\n");
  }

  /** Its port on the loopback. */
  int port() {
    return server.getPort();
  }

  /** The authority that signed its certificate. */
  Path authority() {
    return authority;
  }

  /** Rows as the database itself has them, each value as text, asked past the gateway. */
  List<List<String>> truth(String sql) throws SQLException {
    try (var connection = superuser(NAME)) {
      return rows(connection, sql);
    }
  }

  /** Whether such a table exists, asked past the gateway. */
  boolean hasTable(String table) throws SQLException {
    return truth("SELECT to_regclass('public." + table + "') IS NOT NULL")
        .equals(List.of(List.of("t")));
  }

  /** Runs a query and gives its rows, each value as text. */
  static List<List<String>> rows(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement();
        var result = statement.executeQuery(sql)) {
      var rows = new ArrayList<List<String>>();
      while (result.next()) {
        var row = new ArrayList<String>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          row.add(String.valueOf(result.getString(i)));
        }
        rows.add(row);
      }
      return rows;
    }
  }

  private Connection superuser(String database) throws SQLException {
    return connect(database, SUPERUSER, superuserPassword);
  }

  private Connection connect(String database, String user, String password) throws SQLException {
    var properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", password);
    properties.setProperty("sslmode", "verify-full");
    properties.setProperty("sslrootcert", authority.toString());
    return DriverManager.getConnection(
        "jdbc:postgresql://localhost:" + port() + "/" + database, properties);
  }

  /** Hexadecimal, so that it needs no quoting anywhere. */
  private static String password() {
    var random = new byte[16];
    new SecureRandom().nextBytes(random);
    return HexFormat.of().formatHex(random);
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
