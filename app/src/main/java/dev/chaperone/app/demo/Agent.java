package dev.chaperone.app.demo;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The demo's agent: an ordinary PostgreSQL client (pgjdbc) that verifies the gateway's certificate
 * and host name in full, and whose password is a token.
 */
final class Agent implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 60;

  private final Connection connection;

  private Agent(Connection connection) {
    this.connection = connection;
  }

  /** Connects to the target {@code shop} through the gateway. */
  static Agent connect(int port, Path authority, String token) throws SQLException {
    var properties = new Properties();
    properties.setProperty("user", "tidy-bot");
    properties.setProperty("password", token);
    properties.setProperty("sslmode", "verify-full");
    properties.setProperty("sslrootcert", authority.toString());
    properties.setProperty("gssEncMode", "disable");
    return new Agent(
        DriverManager.getConnection("jdbc:postgresql://localhost:" + port + "/shop", properties));
  }

  /** Runs a query and gives its rows. */
  List<List<String>> rows(String sql) throws SQLException {
    return DemoDatabase.rows(connection, sql);
  }

  /**
   * How a statement ended.
   *
   * @param error empty when it succeeded
   * @param notice what the server said meanwhile; empty for nothing
   */
  record Ended(Optional<SQLException> error, String notice) {}

  /** A statement that runs on a thread of its own, since it may be held. */
  record Running(CompletableFuture<Ended> ending) {
    /** Blocks, for a bounded time, until it has ended. */
    Ended await() throws InterruptedException {
      try {
        return ending.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      } catch (ExecutionException | TimeoutException e) {
        throw new IllegalStateException("the agent's statement did not end", e);
      }
    }
  }

  /** Starts a statement; it may wait for a person. */
  Running start(String sql) {
    var ending = new CompletableFuture<Ended>();
    Thread.ofPlatform().daemon().name("agent").start(() -> ending.complete(execute(sql)));
    return new Running(ending);
  }

  private Ended execute(String sql) {
    try (var statement = connection.createStatement()) {
      Optional<SQLException> error = Optional.empty();
      try {
        statement.execute(sql);
      } catch (SQLException e) {
        error = Optional.of(e);
      }
      var warning = statement.getWarnings();
      return new Ended(error, warning == null ? "" : String.valueOf(warning.getMessage()));
    } catch (SQLException e) {
      return new Ended(Optional.of(e), "");
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
