package dev.chaperone.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

final class CorpusTest {
  private static final SqlReader READER = new SqlReader(SqlLimits.defaults());

  @AfterAll
  static void close() {
    READER.close();
  }

  @TestFactory
  Stream<DynamicTest> everyCaseMeansWhatTheCorpusSays() {
    return Corpus.cases().stream()
        .map(sample ->
            dynamicTest(
                "line " + sample.line() + ": " + sample.sql(),
                () ->
                    assertThat(Rendering.of(READER.read(sample.sql())))
                        .isEqualTo(sample.expected())));
  }

  @Test
  void theCorpusIsReadWhole() {
    assertThat(Corpus.cases()).hasSizeGreaterThan(500);
  }

  /** What is around a statement, and how it is spelled, does not change what it does. */
  @Test
  void commentsAndCaseDoNotChangeTheMeaning() {
    for (var sample : Corpus.cases()) {
      if (!sample.refused() && !sample.empty() && !sample.sql().contains("--")) {
        String disguised = "/* x */ ;; -- y\n\t" + sample.sql() + "\n/* z */ ; -- SELECT";
        assertThat(Rendering.of(READER.read(disguised)))
            .as(sample.sql())
            .isEqualTo(sample.expected());
      }
    }
  }

  /** In one text with others, each statement means what it means alone. */
  @Test
  void statementsDoNotChangeEachOther() {
    var good =
        Corpus.cases().stream()
            .filter(c -> !c.refused() && !c.empty() && !c.sql().contains("--"))
            .toList();
    String all = String.join(";", good.stream().map(Corpus.Case::sql).toList());
    List<String> expected = good.stream().flatMap(c -> c.expected().stream()).toList();
    assertThat(Rendering.of(READER.read(all))).isEqualTo(expected);
  }

  /** The text of each statement reads alone as it reads among others. */
  @Test
  void theTextOfAStatementIsItsOwn() {
    for (var sample : Corpus.cases()) {
      if (READER.read(sample.sql()) instanceof Reading.Understood understood) {
        for (var statement : understood.statements()) {
          assertThat(Rendering.of(READER.read(statement.text())))
              .containsExactly(Rendering.of(statement));
        }
      }
    }
  }
}
