package dev.chaperone.benchmarks;

import dev.chaperone.testing.TestPostgres;
import java.util.Map;

/**
 * The PostgreSQL that everything leads to: it syncs what it commits and does not log statements, as
 * in production. TLS and SCRAM-SHA-256 for everybody.
 */
final class Server implements AutoCloseable {
  private static final Map<String, String> SETTINGS =
      Map.of(
          "fsync", "on",
          "log_statement", "none",
          "log_connections", "off",
          "max_connections", "400",
          "shared_buffers", "512MB",
          "max_wal_size", "4GB",
          "autovacuum", "off");

  private final TestPostgres postgres;
  private final String database;

  private Server(TestPostgres postgres, String database) {
    this.postgres = postgres;
    this.database = database;
  }

  /** Starts it with a table besides pgbench's own, of which a column will be masked. */
  static Server start() {
    var postgres = TestPostgres.start(SETTINGS);
    var database = postgres.createDatabase();
    postgres.run(
        database,
        "GRANT CREATE ON SCHEMA public TO " + TestPostgres.APP,
        "CREATE TABLE customers (id int PRIMARY KEY, name text, email text)");
    return new Server(postgres, database);
  }

  TestPostgres postgres() {
    return postgres;
  }

  String database() {
    return database;
  }

  /** Straight to it. */
  Way direct() {
    return new Way(
        "direct",
        postgres.port(),
        database,
        TestPostgres.APP,
        TestPostgres.APP_PASSWORD,
        postgres.certificates().authority(),
        null);
  }

  @Override
  public void close() {
    postgres.close();
  }
}
