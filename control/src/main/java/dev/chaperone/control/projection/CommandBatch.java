package dev.chaperone.control.projection;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a batch of entries changes of commands, and of their sessions' counts: put together first
 * and written once, since most commands begin and end within one batch. What is in the file
 * afterwards does not depend on where one batch ends and the next begins.
 */
final class CommandBatch {
  private static final class Command {
    private final String session;
    private final List<Long> entries = new ArrayList<>();
    private boolean changed;
    private @Nullable String open;

    Command(String session) {
      this.session = session;
    }
  }

  private static final class Counts {
    private @Nullable Long n;
    private long commands;
  }

  private final Map<String, Command> commands = new LinkedHashMap<>();
  private final Map<String, Counts> sessions = new LinkedHashMap<>();

  /** An entry of a session is its {@code n}th. */
  void number(String session, long n) {
    counts(session).n = n;
  }

  /** An entry is about a command. */
  void entry(String command, String session, long index) {
    commands.computeIfAbsent(command, _ -> new Command(session)).entries.add(index);
  }

  /** After the entry last added, a command is held, allowed, or with null not open any more. */
  void open(String command, @Nullable String how) {
    var changed = commands.get(command);
    if (changed != null) {
      changed.changed = true;
      changed.open = how;
    }
  }

  private Counts counts(String session) {
    return sessions.computeIfAbsent(session, _ -> new Counts());
  }

  /** Writes all of it. */
  void write(Database database) throws SQLException {
    for (var entry : commands.entrySet()) {
      write(database, entry.getKey(), entry.getValue());
    }
    for (var entry : sessions.entrySet()) {
      var counts = entry.getValue();
      database.change(
          "UPDATE sessions SET n = coalesce(?, n), commands = commands + ? WHERE id = ?",
          counts.n,
          counts.commands,
          entry.getKey());
    }
    commands.clear();
    sessions.clear();
  }

  private void write(Database database, String id, Command command) throws SQLException {
    long first = command.entries.getFirst();
    long last = command.entries.getLast();
    int from = 1;
    int added =
        database.change(
            "INSERT OR IGNORE INTO commands VALUES (?, ?, ?, ?, ?)",
            id,
            command.session,
            first,
            last,
            command.open);
    if (added > 0) {
      counts(command.session).commands++;
    } else {
      from = 0;
      database.change(
          "INSERT INTO command_entries SELECT id, last FROM commands WHERE id = ? AND last > first",
          id);
      database.change("UPDATE commands SET last = ? WHERE id = ?", last, id);
      if (command.changed) {
        database.change("UPDATE commands SET open = ? WHERE id = ?", command.open, id);
      }
    }
    for (int i = from; i < command.entries.size() - 1; i++) {
      database.change("INSERT INTO command_entries VALUES (?, ?)", id, command.entries.get(i));
    }
  }
}
