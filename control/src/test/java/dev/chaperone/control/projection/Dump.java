package dev.chaperone.control.projection;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Everything that a state file holds, in a fixed order. */
final class Dump {
  private static final List<String> TABLES =
      List.of(
          "meta",
          "sessions",
          "session_people",
          "commands",
          "command_entries",
          "reviews",
          "review_entries",
          "review_people",
          "review_groups");

  private Dump() {}

  static List<String> of(Path file) throws SQLException {
    var all = new ArrayList<String>();
    try (var database = Database.read(file)) {
      for (var table : TABLES) {
        all.addAll(
            database.list(
                row -> {
                  var line = new StringBuilder(table);
                  for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                    line.append('|').append(row.getString(i));
                  }
                  return line.toString();
                },
                "SELECT * FROM " + table + " ORDER BY 1, 2"));
      }
    }
    return all;
  }
}
