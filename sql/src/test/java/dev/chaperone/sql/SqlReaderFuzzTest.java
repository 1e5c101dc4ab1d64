package dev.chaperone.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class SqlReaderFuzzTest {
  private static final int ROUNDS = 4000;
  private static final List<String> PIECES =
      List.of(
          "SELECT",
          "FROM",
          "DELETE",
          "WITH",
          "(",
          ")",
          "'",
          "\"",
          "$$",
          "$1",
          ";",
          "--",
          "/*",
          "*/",
          ",",
          ".",
          "::",
          "U&",
          "E'",
          "\\",
          "\n",
          "é",
          "😀",
          "[",
          "]",
          "ORDER BY",
          "AS",
          "*",
          "INTO",
          "{",
          "@",
          "0x",
          "1e",
          "NULL");

  /** Whatever the text, the answer is one of three, soon, and what is understood is complete. */
  @Test
  void mutatedStatementsNeverThrowNorHang() {
    long seed = new Random().nextLong();
    var random = new Random(seed);
    var cases = Corpus.cases();
    try (var reader = new SqlReader(SqlLimits.defaults())) {
      for (int i = 0; i < ROUNDS; i++) {
        String sql = mutate(cases.get(random.nextInt(cases.size())).sql(), random);
        String where = "seed " + seed + ", round " + i + ": " + sql;
        var reading = reader.read(sql);
        switch (reading) {
          case Reading.Understood understood ->
              understood
                  .statements()
                  .forEach(statement -> {
                    assertThat(statement.effects()).as(where).isNotEmpty();
                    assertThat(statement.tag()).as(where).isNotBlank();
                    assertThat(sql).as(where).contains(statement.text());
                  });
          case Reading.SyntaxError error -> {
            assertThat(error.message()).as(where).isNotBlank();
            assertThat(error.position())
                .as(where)
                .isBetween(0, sql.codePointCount(0, sql.length()) + 1);
          }
          case Reading.Unreadable unreadable ->
              assertThat(unreadable.why()).as(where).containsAnyOf("NUL", "surrogate");
        }
      }
      assertThat(reader.read("SELECT 1")).as("seed " + seed).isInstanceOf(Reading.Understood.class);
    }
  }

  private static String mutate(String sql, Random random) {
    var text = new StringBuilder(sql);
    for (int n = random.nextInt(4); n >= 0 && text.length() > 1; n--) {
      int at = random.nextInt(text.length());
      switch (random.nextInt(6)) {
        case 0 -> text.deleteCharAt(at);
        case 1 -> text.insert(at, PIECES.get(random.nextInt(PIECES.size())));
        case 2 -> text.setCharAt(at, (char) random.nextInt(0x250));
        case 3 -> text.insert(at, text.substring(at, Math.min(text.length(), at + 30)));
        case 4 -> text.setLength(at);
        default -> text.insert(at, " " + PIECES.get(random.nextInt(PIECES.size())) + " ");
      }
    }
    return text.toString();
  }
}
