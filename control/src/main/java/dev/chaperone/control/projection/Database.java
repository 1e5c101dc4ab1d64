package dev.chaperone.control.projection;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;

/**
 * One connection to the state file, with its statements kept prepared. One thread at a time uses
 * it.
 */
final class Database implements AutoCloseable {
  private static final int BUSY_MILLIS = 5_000;
  private static final int LONGEST_SECONDS = 10;

  private final Connection connection;
  private final Map<String, PreparedStatement> prepared = new HashMap<>();

  private Database(Connection connection) {
    this.connection = connection;
  }

  /** Makes the file if it is missing. */
  static Database write(Path file) throws SQLException {
    var config = config();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    // What a power cut takes from the end is projected again from the journal.
    config.setSynchronous(SQLiteConfig.SynchronousMode.NORMAL);
    return new Database(config.createConnection("jdbc:sqlite:" + file));
  }

  static Database read(Path file) throws SQLException {
    var config = config();
    config.setReadOnly(true);
    return new Database(config.createConnection("jdbc:sqlite:" + file));
  }

  private static SQLiteConfig config() {
    var config = new SQLiteConfig();
    config.setBusyTimeout(BUSY_MILLIS);
    config.enforceForeignKeys(false);
    return config;
  }

  /** Turns a result's current row into a value. */
  interface Row<T> {
    T of(ResultSet row) throws SQLException;
  }

  /** Work that is kept whole or not at all. */
  interface Work {
    void run() throws SQLException, IOException;
  }

  void script(String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }

  /** Runs a change; returns how many rows it changed. */
  int change(String sql, @Nullable Object... values) throws SQLException {
    return bound(sql, values).executeUpdate();
  }

  <T> List<T> list(Row<T> row, String sql, @Nullable Object... values) throws SQLException {
    var all = new ArrayList<T>();
    try (var result = bound(sql, values).executeQuery()) {
      while (result.next()) {
        all.add(row.of(result));
      }
    }
    return all;
  }

  <T> Optional<T> first(Row<T> row, String sql, @Nullable Object... values) throws SQLException {
    return list(row, sql, values).stream().findFirst();
  }

  void transaction(Work work) throws SQLException, IOException {
    connection.setAutoCommit(false);
    boolean done = false;
    try {
      work.run();
      connection.commit();
      done = true;
    } finally {
      if (!done) {
        forgetStatements();
        connection.rollback();
      }
      connection.setAutoCommit(true);
    }
  }

  /** One that failed, for example as the file has other tables by now, may not run again. */
  private void forgetStatements() throws SQLException {
    for (var statement : prepared.values()) {
      statement.close();
    }
    prepared.clear();
  }

  private PreparedStatement bound(String sql, @Nullable Object... values) throws SQLException {
    var statement = prepared.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      statement.setQueryTimeout(LONGEST_SECONDS);
      prepared.put(sql, statement);
    }
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, values[i]);
    }
    return statement;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
