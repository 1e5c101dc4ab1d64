package dev.chaperone.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

final class SqlReaderTest {
  /**
   * More time than by default, since here the largest texts come first, before the parser is warm.
   */
  private static final SqlReader READER =
      new SqlReader(
          new SqlLimits(1 << 20, Duration.ofMinutes(1), Duration.ofMinutes(1), 2, 1000, 1 << 20));

  @AfterAll
  static void close() {
    READER.close();
  }

  @Test
  void textsBeyondTheLimitAreUnreadable() {
    var limits = new SqlLimits(10, Duration.ofSeconds(5), Duration.ofSeconds(5), 1, 10, 100);
    try (var reader = new SqlReader(limits)) {
      assertThat(reader.read("SELECT 123")).isInstanceOf(Reading.Understood.class);
      assertThat(reader.read("SELECT 1234"))
          .isEqualTo(new Reading.Unreadable("the text is larger than 10 bytes"));
      // Ten characters, eleven bytes.
      assertThat(reader.read("SELECT 'é'")).isInstanceOf(Reading.Unreadable.class);
    }
  }

  @Test
  void nulAndBrokenUnicodeAreUnreadable() {
    assertThat(READER.read("SELECT 1\0; DELETE FROM t"))
        .isEqualTo(new Reading.Unreadable("the text has a NUL character"));
    assertThat(READER.read("SELECT '\ud800'")).isInstanceOf(Reading.Unreadable.class);
  }

  @Test
  void deepNestingIsReadOrRefusedAndTheReaderLives() {
    for (String deep :
        List.of(
            "SELECT " + "NOT ".repeat(9000) + "true",
            "SELECT " + "(".repeat(9000) + "1" + ")".repeat(9000),
            "SELECT " + "- ".repeat(9000) + "1",
            "SELECT 1" + "::int".repeat(9000),
            "SELECT a" + "[1]".repeat(9000),
            "SELECT " + "1 + ".repeat(20_000) + "1",
            "SELECT * FROM t WHERE " + "a = 1 OR ".repeat(20_000) + "b",
            "SELECT " + "(SELECT ".repeat(3000) + "1" + ")".repeat(3000),
            "SELECT 1" + " UNION SELECT 1".repeat(9_000),
            "SELECT * FROM " + "(SELECT * FROM ".repeat(1500) + "t" + ") x".repeat(1500),
            "SELECT " + "CASE WHEN true THEN ".repeat(1500) + "1" + " END".repeat(1500))) {
      var reading = READER.read(deep);
      assertThat(reading)
          .as(deep.substring(0, 40))
          .isInstanceOfAny(Reading.Understood.class, Reading.Unreadable.class);
      assertThat(READER.read("SELECT 1 FROM t -- after " + deep.length()))
          .isInstanceOf(Reading.Understood.class);
    }
  }

  @Test
  void deeperThanTheGrammarsStackIsRefusedAsTheServerRefuses() {
    assertThat(READER.read("SELECT " + "NOT ".repeat(30_000) + "true"))
        .isEqualTo(new Reading.SyntaxError("memory exhausted at or near \"NOT\"", 39_992));
  }

  @Test
  void whatIsDeepInsideIsFound() {
    String sql = "SELECT " + "(SELECT ".repeat(1000) + "a FROM deep" + ")".repeat(1000);
    assertThat(READER.read(sql)).isInstanceOf(Reading.Understood.class);
    var statement = ((Reading.Understood) READER.read(sql)).statements().getFirst();
    assertThat(statement.relations()).containsExactly(Name.of("deep"));
  }

  @Test
  void aMegabyteIsReadWhole() {
    var sql = new StringBuilder("INSERT INTO t VALUES ");
    while (sql.length() < 1_000_000) {
      sql.append("(1, 'abcdefghijklmnopqrstuvwxyz', now()), ");
    }
    sql.append("(2, 'x', lo_unlink(1))");
    var reading = READER.read(sql.toString());
    assertThat(reading).isInstanceOf(Reading.Understood.class);
    assertThat(((Reading.Understood) reading).statements().getFirst().effects())
        .containsExactly(Effect.WRITE, Effect.DELETE);
  }

  @Test
  void aTextThatTakesTooLongIsUnreadableAndTheNextIsRead() {
    var limits = new SqlLimits(1 << 20, Duration.ofMillis(20), Duration.ofSeconds(20), 1, 0, 0);
    String slow = "SELECT " + "a + ".repeat(200_000) + "a";
    try (var reader = new SqlReader(limits)) {
      assertThat(reader.read(slow))
          .isEqualTo(new Reading.Unreadable("the text took longer than PT0.02S to read"));
      Reading next = reader.read("SELECT 1");
      // The first texts after the parser is made anew may take longer than this short limit, too.
      for (int i = 0; i < 200 && !(next instanceof Reading.Understood); i++) {
        next = reader.read("SELECT 1");
      }
      assertThat(next).isInstanceOf(Reading.Understood.class);
    }
  }

  @Test
  void anInterruptEndsTheWaitAndIsKept() {
    String slow = "SELECT " + "a + ".repeat(200_000) + "a";
    Thread.currentThread().interrupt();
    var reading = READER.read(slow);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(reading).isInstanceOf(Reading.Unreadable.class);
  }

  @Test
  void aClosedReaderReadsNothing() {
    var reader = new SqlReader(SqlLimits.defaults());
    assertThat(reader.read("SELECT 1")).isInstanceOf(Reading.Understood.class);
    reader.close();
    assertThat(reader.read("SELECT 2")).isEqualTo(new Reading.Unreadable("the reader is closed"));
  }

  @Test
  void manyThreadsGetTheirOwnAnswers() throws ExecutionException, InterruptedException {
    try (var pool = Executors.newFixedThreadPool(16)) {
      var answers = new ArrayList<Future<Boolean>>();
      for (int i = 0; i < 2000; i++) {
        String table = "t" + i % 500;
        Callable<Boolean> task =
            () ->
                Rendering.of(READER.read("SELECT * FROM " + table))
                    .equals(List.of("SELECT: read; relations " + table));
        answers.add(pool.submit(task));
      }
      for (var answer : answers) {
        assertThat(answer.get()).isTrue();
      }
    }
  }

  @Test
  void identicalTextsAreReadOnce() {
    var first = READER.read("SELECT 'cached'");
    assertThat(READER.read("SELECT 'cached'")).isSameAs(first);
    assertThat(READER.read("SELECT 'cached' ")).isNotSameAs(first);
  }

  @Test
  void whatIsKnownOfFunctionsReplacesWhatIsNot() {
    var statement = only("SELECT app.tax(total), total <~> 1 FROM orders");
    assertThat(statement.effects()).containsExactly(Effect.READ, Effect.UNKNOWN);
    var known =
        statement.with(FunctionUse::harmless, operator -> new OperatorUse(operator.name(), true));
    assertThat(known.effects()).containsExactly(Effect.READ);
    assertThat(known.reachesUnknown()).isFalse();
    var halfKnown = statement.with(FunctionUse::harmless, operator -> operator);
    assertThat(halfKnown.effects()).containsExactly(Effect.READ, Effect.UNKNOWN);
  }

  @Test
  void positionsOfStatementsCountBytesInTheTreeAndCharactersHere() {
    var understood = (Reading.Understood) READER.read(" SELECT 'äöü😀' ; DELETE FROM \"ß\" ; ");
    assertThat(understood.statements().stream().map(Statement::text))
        .containsExactly("SELECT 'äöü😀'", "DELETE FROM \"ß\"");
    assertThat(READER.read("SELECT '😀' FROM FROM"))
        .isEqualTo(new Reading.SyntaxError("syntax error at or near \"FROM\"", 17));
  }

  @Test
  void limitsAreChecked() {
    assertThatThrownBy(
            () -> new SqlLimits(0, Duration.ofSeconds(1), Duration.ofSeconds(1), 1, 1, 1))
        .hasMessage("SQL limits: maxBytes must be between 1 and 4194304");
    assertThatThrownBy(() -> new SqlLimits(1, Duration.ZERO, Duration.ofSeconds(1), 1, 1, 1))
        .hasMessage("SQL limits: maxTime must be positive");
  }

  private static Statement only(String sql) {
    return ((Reading.Understood) READER.read(sql)).statements().getFirst();
  }

  private static String queryDigest(String text) {
    var reading = (Reading.Understood) READER.read(text);
    var copy = (StatementKind.Copy) reading.statements().getFirst().kind();
    return String.valueOf(copy.queryDigest());
  }

  @Test
  void theQueryOfACopyIsTheSameHoweverItIsWrittenAndNoOtherOne() {
    var digest = queryDigest("COPY (SELECT a, (b) FROM t WHERE c = 'x)') TO STDOUT");
    assertThat(queryDigest("copy(\nselect a, b from t where c = $$x)$$ -- )\n) TO STDOUT CSV"))
        .isEqualTo(digest);
    assertThat(queryDigest("COPY (SELECT a, c FROM t WHERE c = 'x)') TO STDOUT"))
        .isNotEqualTo(digest);
    assertThat(queryDigest("COPY (SELECT a, (b) FROM t WHERE c = 'x') TO STDOUT"))
        .isNotEqualTo(digest);
    assertThat(queryDigest("COPY (SELECT '1') TO STDOUT"))
        .isNotEqualTo(queryDigest("COPY (SELECT 1) TO STDOUT"));
  }
}
