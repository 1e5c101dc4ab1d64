package dev.chaperone.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The guide's table says what the code does. */
final class EffectsGuideTest {
  private static final Pattern ROW = Pattern.compile("\\| (.+?) \\| `(.+)` \\| ([a-z ]+) \\|");
  private static final SqlReader READER = new SqlReader(SqlLimits.defaults());

  private record Row(String statement, String example, String effects) {}

  @AfterAll
  static void close() {
    READER.close();
  }

  @TestFactory
  Stream<DynamicTest> everyExampleHasTheEffectsOfItsRow() {
    return rows().stream()
        .map(row ->
            dynamicTest(
                row.statement(),
                () -> {
                  var reading = READER.read(row.example());
                  assertThat(reading).isInstanceOf(Reading.Understood.class);
                  var statement = ((Reading.Understood) reading).statements().getFirst();
                  assertThat(words(statement)).isEqualTo(row.effects());
                }));
  }

  @Test
  void theTableIsFoundWhole() {
    assertThat(rows()).hasSizeGreaterThan(60);
  }

  private static String words(Statement statement) {
    return statement.effects().stream()
        .sorted()
        .map(effect -> effect.name().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(" "));
  }

  private static List<Row> rows() {
    try {
      return Files.readAllLines(Path.of("../docs/guides/effects.md")).stream()
          .map(ROW::matcher)
          .filter(java.util.regex.Matcher::matches)
          .map(match -> new Row(match.group(1), match.group(2), match.group(3)))
          .toList();
    } catch (IOException e) {
      throw new IllegalStateException("the guide is missing", e);
    }
  }
}
