package dev.chaperone.e2e.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chaperone.testing.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;
import org.postgresql.util.PSQLException;

/** pgjdbc, unchanged, through the gateway. */
@Timeout(240)
final class PgjdbcTest {
  private static TestPostgres postgres;
  private static String database;
  private static Gateway gateway;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    postgres = TestPostgres.shared();
    database = postgres.createDatabase();
    postgres.run(database, PolicyForTests.SCHEMA);
    gateway =
        new Gateway(
            postgres,
            database,
            Files.createDirectories(directory.resolve("g")),
            PolicyForTests.TEXT);
  }

  @AfterAll
  static void stop() throws Exception {
    gateway.close();
  }

  @BeforeEach
  void empty() {
    postgres.run(database, "TRUNCATE notes");
  }

  private static Connection connect(String... options) throws SQLException {
    return gateway.jdbc(gateway.agent("jdbc"), options);
  }

  private static long one(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  @Test
  void maskedColumnsAreMaskedInTextAndBinary() throws Exception {
    for (var threshold : new String[] {"0", "-1"}) { // -1: binary from the first execution on
      try (var connection = connect("prepareThreshold", threshold);
          var statement =
              connection.prepareStatement("SELECT id, name, email FROM customers WHERE id = ?")) {
        statement.setInt(1, 1);
        for (int i = 0; i < 3; i++) {
          try (var rows = statement.executeQuery()) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getInt(1)).isEqualTo(1);
            assertThat(rows.getString(2)).isEqualTo("Ada");
            assertThat(rows.getString(3)).isNotNull().doesNotContain("marker");
          }
        }
      }
    }
  }

  @Test
  void aBatchIsOnePipelineAndEveryRowArrives() throws Exception {
    try (var connection = connect();
        var statement = connection.prepareStatement("INSERT INTO notes VALUES (?, ?)")) {
      for (int i = 0; i < 500; i++) {
        statement.setLong(1, i);
        statement.setString(2, "note " + i);
        statement.addBatch();
      }
      assertThat(statement.executeBatch()).hasSize(500);
      assertThat(one(connection, "SELECT count(*) FROM notes")).isEqualTo(500);
    }
  }

  @Test
  void aRefusalInABatchCommitsNothingOfIt() throws Exception {
    try (var connection = connect();
        var statement = connection.createStatement()) {
      statement.addBatch("INSERT INTO notes VALUES (1, 'a')");
      statement.addBatch("INSERT INTO vault.keys VALUES ('k')");
      statement.addBatch("INSERT INTO notes VALUES (2, 'b')");
      connection.setAutoCommit(false);
      assertThatThrownBy(statement::executeBatch).hasMessageContaining("vault");
      assertThatThrownBy(() -> one(connection, "SELECT 1"))
          .isInstanceOfSatisfying(
              PSQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("25P02"));
      connection.rollback();
      assertThat(one(connection, "SELECT count(*) FROM notes")).isZero();
    }
  }

  @Test
  void rowsAreFetchedInPortionsInsideATransaction() throws Exception {
    postgres.run(database, "INSERT INTO notes SELECT i, 'n' FROM generate_series(1, 1000) i");
    try (var connection = connect()) {
      connection.setAutoCommit(false);
      try (var statement = connection.prepareStatement("SELECT id FROM notes ORDER BY id")) {
        statement.setFetchSize(64);
        long sum = 0;
        try (var rows = statement.executeQuery()) {
          while (rows.next()) {
            sum += rows.getLong(1);
          }
        }
        assertThat(sum).isEqualTo(500_500);
      }
      connection.commit();
    }
  }

  @Test
  void aCancelReachesTheServer() throws Exception {
    try (var connection = connect();
        var statement = connection.createStatement()) {
      statement.setQueryTimeout(1);
      assertThatThrownBy(
              () -> statement.execute("SELECT count(*) FROM generate_series(1, 100000000000)"))
          .isInstanceOfSatisfying(
              PSQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("57014"));
      assertThat(one(connection, "SELECT 1")).isEqualTo(1);
    }
  }

  @Test
  void notificationsArrive() throws Exception {
    try (var listening = connect();
        var notifying = connect();
        var listen = listening.createStatement();
        var notify = notifying.createStatement()) {
      listen.execute("LISTEN news");
      notify.execute("NOTIFY news, 'hello'");
      var received = listening.unwrap(PGConnection.class).getNotifications(10_000);
      assertThat(received).hasSize(1);
      assertThat(received[0].getParameter()).isEqualTo("hello");
    }
  }

  @Test
  void aHeldUpdateWithBoundValuesRunsOnceGranted() throws Exception {
    postgres.run(database, "INSERT INTO notes VALUES (1, 'old'), (2, 'old')");
    var held =
        CompletableFuture.supplyAsync(
            () -> {
              try (var connection = connect();
                  var statement =
                      connection.prepareStatement(
                          "DELETE FROM customers WHERE name = ? AND id > ?")) {
                statement.setString(1, "Nobody");
                statement.setInt(2, 7);
                return statement.executeUpdate();
              } catch (SQLException e) {
                throw new AssertionError(e);
              }
            },
            Thread::startVirtualThread);
    var dba = gateway.person("dora", "dba");
    String review = null;
    while (review == null && !held.isDone()) {
      var list = gateway.cli(dba, "reviews", "list", "--state", "pending").out();
      var matcher = java.util.regex.Pattern.compile("r-[0-9a-z]{23}").matcher(list);
      review = matcher.find() && list.contains("DELETE FROM customers") ? matcher.group() : null;
    }
    assertThat(review).isNotNull();
    var shown = gateway.cli(dba, "reviews", "show", String.valueOf(review)).out();
    assertThat(shown).contains("Nobody", "7");
    gateway.cli(dba, "reviews", "grant", String.valueOf(review), "--reason", "ok");
    assertThat(held.join()).isZero();
  }

  @Test
  void theServerSeesWhoActsInApplicationName() throws Exception {
    try (var connection = connect();
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT application_name FROM pg_stat_activity WHERE pid = pg_backend_pid()")) {
      assertThat(rows.next()).isTrue();
    }
    try (var superuser = postgres.superuser(database);
        var connection = connect();
        var statement = superuser.createStatement()) {
      assertThat(one(connection, "SELECT 1")).isEqualTo(1); // the driver has set its own before
      var names = new StringBuilder();
      try (var rows =
          statement.executeQuery(
              "SELECT application_name FROM pg_stat_activity WHERE usename = 'app'"
                  + " AND datname = current_database()")) {
        while (rows.next()) {
          names.append(rows.getString(1)).append('\n');
        }
      }
      assertThat(names.toString()).contains("chaperone:s-").contains("jdbc@corp");
    }
  }

  @Test
  void anErrorInsideATransactionRollsBackToItsSavepoint() throws Exception {
    try (var connection = connect("autosave", "always")) {
      connection.setAutoCommit(false);
      try (var statement = connection.createStatement()) {
        statement.execute("INSERT INTO notes VALUES (1, 'kept')");
        assertThatThrownBy(() -> statement.execute("INSERT INTO notes VALUES (1, 'twice')"))
            .isInstanceOfSatisfying(
                PSQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("23505"));
        statement.execute("INSERT INTO notes VALUES (2, 'kept')");
      }
      connection.commit();
      assertThat(one(connection, "SELECT count(*) FROM notes")).isEqualTo(2);
    }
  }
}
