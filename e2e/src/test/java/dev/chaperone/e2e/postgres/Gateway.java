package dev.chaperone.e2e.postgres;

import dev.chaperone.control.client.ApiClient;
import dev.chaperone.control.client.Authorities;
import dev.chaperone.testing.TestIssuer;
import dev.chaperone.testing.TestPostgres;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/**
 * {@code chaperone serve} as a process of its own, in front of a real PostgreSQL, with a real
 * issuer. It can be killed and started again on the same data.
 */
final class Gateway implements AutoCloseable {
  static final Duration COMMAND = Duration.ofMinutes(3);

  private final Path directory;
  private final TestIssuer issuer;
  private final int web = freePort();
  private final int port = freePort();
  private Process process;

  Gateway(TestPostgres postgres, String database, Path directory, String policy) throws Exception {
    this.directory = directory;
    this.issuer = TestIssuer.start();
    Files.writeString(directory.resolve("policy.yaml"), policy);
    Files.writeString(directory.resolve("app.secret"), TestPostgres.APP_PASSWORD);
    Files.copy(postgres.certificates().authority(), directory.resolve("authority.pem"));
    Files.writeString(
        directory.resolve("chaperone.yaml"),
        """
        data: ./data
        listen:
          web: 127.0.0.1:%d
          postgres: 127.0.0.1:%d
        identity:
          issuers:
            - name: corp
              issuer: %s
              audience: chaperone
              kind: 'has(claims.robot) ? "agent" : "person"'
              groups: 'has(claims.groups) ? claims.groups : []'
              person: claims.sub
        roles:
          administrators: {groups: [platform]}
          auditors: {groups: [audit]}
        targets:
          - name: orders
            protocol: postgres
            address: %s:%d
            database: %s
            tls: verify-full
            authority: ./authority.pem
            credential: {user: app, password: {file: ./app.secret}}
        policy: ./policy.yaml
        """
            .formatted(web, port, issuer.issuer(), postgres.host(), postgres.port(), database));
    this.process = start();
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static List<String> program(String... arguments) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path", "")));
    command.add("dev.chaperone.app.Main");
    command.addAll(List.of(arguments));
    return command;
  }

  private Process start() throws IOException {
    var log = directory.resolve("serve.log");
    var started =
        new ProcessBuilder(
                program("serve", "--config", directory.resolve("chaperone.yaml").toString()))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    var said = new StringBuilder();
    var lines =
        new BufferedReader(new InputStreamReader(started.getErrorStream(), StandardCharsets.UTF_8));
    for (var line = lines.readLine(); line != null; line = lines.readLine()) {
      said.append(line).append('\n');
      if (line.endsWith("is ready")) {
        Thread.ofVirtual().start(() -> drain(lines, log));
        return started;
      }
    }
    throw new AssertionError("chaperone serve did not start:\n" + said);
  }

  private static void drain(BufferedReader lines, Path log) {
    try (var file = Files.newBufferedWriter(log)) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        file.write(line);
        file.newLine();
        file.flush();
      }
    } catch (IOException e) {
      return; // the process is gone
    }
  }

  /** Ends the process as a power cut would. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    if (!process.waitFor(10, TimeUnit.SECONDS)) {
      throw new AssertionError("the gateway does not die");
    }
  }

  /** Starts it again on what it left. */
  void restart() throws IOException {
    process = start();
  }

  Path data() {
    return directory.resolve("data");
  }

  Path authority() {
    return data().resolve("tls").resolve("ca.pem");
  }

  int port() {
    return port;
  }

  /** An agent's token. */
  String agent(String subject) {
    return issuer.token(subject).claim("robot", true).sign();
  }

  /** A person's token, fresh. */
  String person(String subject, String... groups) {
    return issuer.token(subject).groups(groups).sign();
  }

  /** The HTTP API as a person of these groups sees it, with a sign-in that stays fresh. */
  ApiClient api(String subject, String... groups) throws IOException {
    return new ApiClient(
        URI.create("https://127.0.0.1:" + web),
        Authorities.of(authority()),
        () -> person(subject, groups));
  }

  /** How libpq, and what follows its environment variables, comes here with a token. */
  Map<String, String> libpq(String token) {
    return Map.of(
        "PGHOST", "127.0.0.1",
        "PGPORT", Integer.toString(port),
        "PGDATABASE", "orders",
        "PGUSER", "anyone",
        "PGPASSWORD", token,
        "PGSSLMODE", "verify-full",
        "PGSSLROOTCERT", authority().toString());
  }

  /** Runs a command of the CLI against this gateway with a token. */
  Finished cli(String token, String... arguments) throws Exception {
    var builder = new ProcessBuilder(program(arguments));
    builder.environment().put("CHAPERONE_SERVER", "https://127.0.0.1:" + web);
    builder.environment().put("CHAPERONE_TOKEN", token);
    builder.environment().put("CHAPERONE_CA", authority().toString());
    return Finished.run(builder, COMMAND);
  }

  /** A pgjdbc connection with a token, TLS verified. */
  Connection jdbc(String token, String... options) throws SQLException {
    var properties = new Properties();
    properties.setProperty("user", "anyone");
    properties.setProperty("password", token);
    properties.setProperty("sslmode", "verify-full");
    properties.setProperty("sslrootcert", authority().toString());
    for (int i = 0; i < options.length; i += 2) {
      properties.setProperty(options[i], options[i + 1]);
    }
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port + "/orders", properties);
  }

  /** psql with a token, TLS verified; the commands are run one by one in one session. */
  Finished psql(String token, String... commands) throws Exception {
    return Finished.run(psqlBuilder(token, commands), COMMAND);
  }

  ProcessBuilder psqlBuilder(String token, String... commands) {
    var words = new ArrayList<>(List.of("psql", "-X", "-A", "-t", "-v", "ON_ERROR_STOP=0"));
    words.add(
        "host=127.0.0.1 port="
            + port
            + " dbname=orders user=anyone sslmode=verify-full sslrootcert="
            + authority());
    for (String command : commands) {
      words.add("-c");
      words.add(command);
    }
    var builder = new ProcessBuilder(words);
    builder.environment().put("PGPASSWORD", token);
    return builder;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("the gateway did not stop within 20 s of SIGTERM");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      issuer.close();
    }
  }
}
