package dev.chaperone.postgres.session;

import static dev.chaperone.testing.PgMessages.bind;
import static dev.chaperone.testing.PgMessages.copyData;
import static dev.chaperone.testing.PgMessages.copyDone;
import static dev.chaperone.testing.PgMessages.execute;
import static dev.chaperone.testing.PgMessages.parse;
import static dev.chaperone.testing.PgMessages.query;
import static dev.chaperone.testing.PgMessages.sync;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chaperone.testing.PgFrame;
import dev.chaperone.testing.RawPostgres;
import dev.chaperone.testing.TestPostgres;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A marker stands in every masked value: no COPY carries a byte of it to the client. */
@Timeout(60)
final class MaskedCopyTest {
  private static final String MARKER = "zqmarkerqz";
  private static final String POLICY =
      TestGateway.POLICY
          + """
          masks:
            - {name: mail, target: orders, columns: [public.people.email], with: redact}
            - {name: card, target: orders, columns: [public.people.card], with: {keep: {last: 2}}}
            - {name: born, target: orders, columns: [public.people.born], with: "null"}
          """;

  private static TestPostgres postgres;
  private static String database;
  private static TestGateway gateway;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    postgres = TestPostgres.shared();
    database = postgres.createDatabase();
    gateway = new TestGateway(postgres, database, directory.resolve("journal"), POLICY);
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @BeforeEach
  void tables() {
    postgres.run(
        database,
        "CREATE TABLE IF NOT EXISTS people (id int PRIMARY KEY, gone int, name text, email text, card text,"
            + " born text, shout text GENERATED ALWAYS AS (upper(email)) STORED)",
        "ALTER TABLE people DROP COLUMN IF EXISTS gone",
        "CREATE TABLE IF NOT EXISTS other (a text, b text)",
        "TRUNCATE people, other",
        "INSERT INTO people (id, name, email, card, born) VALUES"
            + " (1, 'a,\"b', E'zqmarkerqz\\t\\n\\\\', 'zqmarkerqz-12', 'zqmarkerqz'),"
            + " (2, NULL, NULL, E'zqmarkerqz\"\\t,', NULL),"
            + " (3, E'\\\\N', 'zqmarkerqz,\"', '', 'zqmarkerqz')",
        "INSERT INTO other VALUES ('x', 'y')",
        "GRANT ALL ON people, other TO app");
  }

  private static boolean shows(List<PgFrame> frames) {
    return frames.stream()
        .map(frame -> new String(frame.body(), StandardCharsets.ISO_8859_1))
        .anyMatch(text -> text.toLowerCase(Locale.ROOT).contains(MARKER));
  }

  private static String data(List<PgFrame> frames) {
    var data = new ByteArrayOutputStream();
    frames.stream()
        .filter(frame -> frame.type() == 'd')
        .forEach(frame -> data.writeBytes(frame.body()));
    return data.toString(StandardCharsets.UTF_8);
  }

  @Test
  void textRowsAreMasked() {
    try (var client = gateway.through()) {
      assertThat(data(client.query("COPY people TO STDOUT")))
          .isEqualTo(
              "1\ta,\"b\t***\t***********12\t\\N\n"
                  + "2\t\\N\t\\N\t***********\\t,\t\\N\n"
                  + "3\t\\\\N\t***\t\t\\N\n");
      assertThat(data(client.query("COPY people (email, id) TO STDOUT (HEADER, DELIMITER '|')")))
          .isEqualTo("email|id\n***|1\n\\N|2\n***|3\n");
    }
  }

  @Test
  void csvRowsAreMasked() {
    try (var client = gateway.through()) {
      assertThat(data(client.query("COPY people TO STDOUT CSV HEADER")))
          .isEqualTo(
              "id,name,email,card,born\n"
                  + "1,\"a,\"\"b\",\"***\",***********12,\n"
                  + "2,,,\"***********\t,\",\n"
                  + "3,\\N,\"***\",\"\",\n");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "COPY people TO STDOUT",
        "COPY public.people (email) TO STDIN",
        "COPY BINARY people TO STDOUT",
        "COPY people (card, id, email) TO STDOUT (FORMAT binary)",
        "COPY people TO STDOUT (NULL 'zq')",
        "COPY people (email) TO STDOUT (NULL 'zqmarkerqz')",
        "COPY people TO STDOUT WITH CSV QUOTE '|' ESCAPE '!' FORCE QUOTE email, id",
        "COPY people TO STDOUT (FORMAT csv, FORCE_QUOTE *, NULL 'none')",
        "COPY people TO STDOUT (FORMAT csv, DELIMITER E'\\x01', QUOTE '~', ESCAPE '^')",
        "COPY (SELECT * FROM people) TO STDOUT",
        "COPY (SELECT email AS harmless, id FROM people -- )\n) TO STDOUT (FORMAT csv)",
        "COPY (SELECT upper(email) || ')' FROM people) TO STDOUT (FORMAT binary)",
        "/* ( */ COPY (TABLE people) TO STDOUT",
        "COPY (WITH p AS (SELECT * FROM people) SELECT p FROM p) TO STDOUT",
        "COPY (UPDATE people SET name = email RETURNING name) TO STDOUT",
        "COPY (DELETE FROM people RETURNING *) TO STDOUT CSV"
      })
  void noCopyShowsTheMarker(String copy) {
    try (var direct = gateway.direct()) {
      direct.query("BEGIN");
      assertThat(shows(direct.query(copy))).as("directly it is shown").isTrue();
    }
    try (var client = gateway.through()) {
      var simple = client.query(copy);
      assertThat(shows(simple)).isFalse();
      assertThat(Answers.types(simple)).startsWith("H").endsWith("cCZ");
    }
    tables();
    try (var client = gateway.through()) {
      client.send(
          parse("", "SELECT 1"),
          bind("", ""),
          execute("", 0),
          parse("", copy),
          bind("", ""),
          execute("", 0),
          sync());
      var extended = client.readUntilReady();
      assertThat(shows(extended)).isFalse();
      assertThat(Answers.types(extended)).startsWith("12DC12H").endsWith("cCZ");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "COPY people TO STDOUT (ENCODING 'LATIN1')",
        "COPY people TO STDOUT (NULL 'a\\')",
        "SELECT 1; COPY people TO STDOUT",
        "SET work_mem = 4096; COPY people TO STDOUT",
        "COPY people TO STDOUT; COPY other TO STDOUT"
      })
  void whatCannotBeDecodedWithCertaintyIsRefused(String copy) {
    try (var client = gateway.through()) {
      var answer = client.query(copy);
      assertThat(shows(answer)).isFalse();
      assertThat(Answers.types(answer)).isEqualTo("EZ");
      assertThat(answer.getFirst().sqlState()).isEqualTo("0A000");
      client.send(query("SELECT 1"));
      assertThat(Answers.types(client.readUntilReady())).isEqualTo("TDCZ");
    }
  }

  @Test
  void aCopyWithoutMaskedColumnsIsAsTheServerSendsIt() {
    for (var copy :
        List.of(
            "COPY other TO STDOUT",
            "COPY people (name, id) TO STDOUT (FORMAT binary)",
            "COPY (SELECT id, name FROM people) TO STDOUT CSV HEADER",
            "COPY nowhere TO STDOUT",
            "COPY other (nope) TO STDOUT",
            "COPY (SELECT nope FROM other) TO STDOUT",
            "COPY people TO STDOUT (FORMAT nope)")) {
      try (var direct = gateway.direct();
          var client = gateway.through()) {
        assertThat(data(client.query(copy))).as(copy).isEqualTo(data(direct.query(copy)));
        client.query("BEGIN");
        direct.query("BEGIN");
        assertThat(Answers.status(client.query(copy)))
            .as(copy)
            .isEqualTo(Answers.status(direct.query(copy)));
      }
    }
  }

  @Test
  void aQueryThatTheServerCannotParseFailsInItsPlace() {
    try (var client = gateway.through()) {
      client.query("BEGIN");
      var simple = client.query("COPY (SELECT nope FROM other) TO STDOUT");
      assertThat(Answers.types(simple)).isEqualTo("EZ");
      assertThat(simple.getFirst().sqlState()).isEqualTo("42703");
      assertThat(Answers.status(simple)).isEqualTo('E');
      client.query("ROLLBACK");
      client.send(
          parse("", "SELECT 1"),
          bind("", ""),
          execute("", 0),
          parse("", "COPY (SELECT nope FROM other) TO STDOUT"),
          bind("", ""),
          execute("", 0),
          sync());
      var extended = client.readUntilReady();
      assertThat(Answers.types(extended)).isEqualTo("12DCEZ");
      assertThat(extended.get(4).sqlState()).isEqualTo("42703");
      assertThat(Answers.types(client.query("SELECT 1"))).isEqualTo("TDCZ");
    }
  }

  @Test
  void errorsOfACopyIntoAMaskedRelationShowNoValues() {
    try (var client = gateway.through()) {
      client.send(query("COPY people (id, email) FROM STDIN")).readUntil('G');
      client.send(copyData("x\tzqmarkerqz\n".getBytes(StandardCharsets.UTF_8)), copyDone());
      var answer = client.readUntilReady();
      assertThat(Answers.types(answer)).isEqualTo("EZ");
      assertThat(shows(answer)).isFalse();
    }
  }

  @Test
  void theRecordKeepsMaskedRowsAndNamesTheColumns() throws Exception {
    try (RawPostgres client = gateway.through()) {
      client.query("COPY (SELECT email, id AS n FROM people WHERE id = 1) TO STDOUT");
    }
    var closed = gateway.awaitEntry("closed", "[\"email\"]");
    assertThat(closed).contains("***").doesNotContain(MARKER);
  }
}
