package dev.chaperone.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

class TestPostgresTest {
  private static final TestPostgres SERVER = TestPostgres.shared();

  @Test
  void appOwnsAFreshDatabaseAndIsNoSuperuser() throws SQLException {
    var database = SERVER.createDatabase();
    try (var connection = SERVER.app(database);
        var statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t (id int)");
      assertThatThrownBy(() -> statement.execute("CREATE ROLE other"))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("permission denied");
    }
    assertThat(SERVER.createDatabase()).isNotEqualTo(database);
  }

  @Test
  void plainTextAndWrongPasswordsAreRefused() {
    var url = "jdbc:postgresql://localhost:" + SERVER.port() + "/postgres?user=app&password=";
    assertThatThrownBy(() ->
            DriverManager.getConnection(
                url + TestPostgres.APP_PASSWORD + "&sslmode=disable&connectTimeout=5"))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("no encryption");
    assertThatThrownBy(() -> DriverManager.getConnection(url + "wrong&sslmode=require"))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("password authentication failed");
  }

  @Test
  void ledgerHoldsEveryStatementWithItsParameters() throws SQLException {
    var database = SERVER.createDatabase();
    try (var connection = SERVER.app(database);
        var statement = connection.createStatement();
        var prepared = connection.prepareStatement("SELECT ?::text, 'two\nlines'")) {
      statement.execute("BEGIN");
      statement.execute("SELECT 'one'");
      prepared.setString(1, "bound");
      prepared.execute();
    }
    Await.until(
        "the ledger names both statements",
        () ->
            SERVER.ledger().stream()
                .filter(line -> database.equals(line.database()))
                .flatMap(line -> line.statement().stream())
                .toList()
                .containsAll(List.of("BEGIN", "SELECT 'one'", "SELECT $1::text, 'two\nlines'")));
    assertThat(SERVER.ledger())
        .anySatisfy(line -> assertThat(line.detail()).contains("$1 = 'bound'"));
  }

  @Test
  void killedOrStoppedItComesBackOnTheSamePortWithItsData() throws SQLException {
    try (var server = TestPostgres.start()) {
      int port = server.port();
      server.run("postgres", "CREATE TABLE kept AS SELECT 7 AS n");
      server.kill();
      assertThatThrownBy(() -> server.superuser("postgres")).isInstanceOf(SQLException.class);
      server.restart();
      assertThat(server.port()).isEqualTo(port);
      server.stop();
      server.restart();
      try (var connection = server.superuser("postgres");
          var statement = connection.createStatement();
          var rows = statement.executeQuery("SELECT n FROM kept")) {
        assertThat(rows.next()).isTrue();
        assertThat(rows.getInt(1)).isEqualTo(7);
      }
    }
  }
}
