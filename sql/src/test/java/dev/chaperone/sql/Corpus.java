package dev.chaperone.sql;

import java.util.ArrayList;
import java.util.List;

/** The cases of {@code corpus.txt}. */
final class Corpus {
  private static final String EXPECTED = "--> ";

  /**
   * A text and the lines that {@link Rendering} makes of its reading.
   *
   * @param line where in the file the case begins
   */
  record Case(int line, String sql, List<String> expected) {
    boolean refused() {
      return expected.getFirst().startsWith("error");
    }

    boolean empty() {
      return expected.getFirst().equals("nothing");
    }
  }

  private Corpus() {}

  static List<Case> cases() {
    var cases = new ArrayList<Case>();
    var sql = new ArrayList<String>();
    var expected = new ArrayList<String>();
    int number = 0;
    for (String line : TestResource.text("corpus.txt").split("\n", -1)) {
      number++;
      if (line.startsWith(EXPECTED)) {
        expected.add(line.substring(EXPECTED.length()));
      } else if (!line.isEmpty() && !line.startsWith("# ")) {
        sql.add(line);
      } else if (!sql.isEmpty()) {
        cases.add(
            new Case(
                number - sql.size() - expected.size(),
                String.join("\n", sql),
                List.copyOf(expected)));
        sql.clear();
        expected.clear();
      }
    }
    return cases;
  }
}
