package dev.chaperone.postgres.session;

import static dev.chaperone.postgres.session.Shown.error;
import static dev.chaperone.postgres.session.Shown.texts;
import static dev.chaperone.testing.PgMessages.bind;
import static dev.chaperone.testing.PgMessages.describePortal;
import static dev.chaperone.testing.PgMessages.execute;
import static dev.chaperone.testing.PgMessages.parse;
import static dev.chaperone.testing.PgMessages.query;
import static dev.chaperone.testing.PgMessages.sync;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chaperone.testing.PgFrame;
import dev.chaperone.testing.RawPostgres;
import dev.chaperone.testing.TestPostgres;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A marker stands in every masked value: no byte of it reaches the client through the gateway. */
@Timeout(60)
final class MaskedSessionTest {
  private static final String MARKER = "zqmarkerqz";
  private static final String MARKER_HEX =
      HexFormat.of().formatHex(MARKER.getBytes(StandardCharsets.UTF_8));

  private static final String POLICY =
      TestGateway.POLICY
          + """
          masks:
            - {name: mail, target: orders, columns: [public.people.email], with: redact}
            - {name: card, target: orders, columns: [public.people.card], with: {keep: {last: 2}}}
            - {name: photo, target: orders, columns: [public.people.photo], with: hash}
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
        "CREATE TABLE IF NOT EXISTS people (id int PRIMARY KEY, name text, email text, card"
            + " varchar(60), photo bytea)",
        "TRUNCATE people",
        "ALTER TABLE people DROP CONSTRAINT IF EXISTS people_email_key",
        "INSERT INTO people SELECT i, 'name' || i, '"
            + MARKER
            + "' || i, '"
            + MARKER
            + "-12', '"
            + MARKER
            + "' FROM generate_series(1, 5) i",
        "ALTER TABLE people ADD UNIQUE (email) DEFERRABLE INITIALLY DEFERRED",
        "GRANT ALL ON people TO app");
  }

  private interface Script extends Function<RawPostgres, List<PgFrame>> {}

  private static boolean shows(List<PgFrame> frames) {
    for (var frame : frames) {
      var text = new String(frame.body(), StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
      if (text.contains(MARKER) || text.contains(MARKER_HEX)) {
        return true;
      }
    }
    return false;
  }

  /** The script shows the marker directly and never through the gateway, where it is answered. */
  private List<PgFrame> assertMasked(Script script) {
    try (var direct = gateway.direct()) {
      assertThat(shows(script.apply(direct))).as("directly it is shown").isTrue();
    }
    tables();
    try (var client = gateway.through()) {
      var seen = script.apply(client);
      assertThat(shows(seen)).as("through the gateway it is not").isFalse();
      assertThat(texts(client.query("SELECT 7"))).containsExactly("7");
      return seen;
    }
  }

  @Test
  void errorsOfCodeThatRunsInTheServerAreWithheldWhateverTheySayIsWrong() {
    for (var text :
        List.of(
            "SELECT email::int FROM people",
            "SELECT email::regclass FROM people",
            "SELECT query_to_xml('SELECT ' || email, true, false, '') FROM people",
            "SELECT query_to_xml('SELECT FROM \"' || email || '\"', true, false, '') FROM people",
            "DO $$BEGIN EXECUTE 'SELECT ' || (SELECT email FROM people LIMIT 1); END$$",
            "DO $$BEGIN EXECUTE (SELECT email FROM people LIMIT 1); END$$",
            "DO $$BEGIN EXECUTE 'SELECT ''' || (SELECT email FROM people LIMIT 1) || '''::int'; END$$",
            "DO $$BEGIN EXECUTE format('CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS"
                + " ''SELECT %s''', (SELECT email FROM people LIMIT 1)); END$$",
            "DO $$BEGIN RAISE SQLSTATE '42601' USING MESSAGE ="
                + " (SELECT email FROM people LIMIT 1); END$$")) {
      assertMasked(client -> client.query(text));
      assertMasked(client ->
          client
              .send(parse("", text), bind("", ""), describePortal(""), execute("", 0), sync())
              .readUntilReady());
    }
  }

  @Test
  void whatIsWrongWithTheTextItselfIsSaidInFull() {
    try (var client = gateway.through()) {
      for (var text :
          List.of(
              "SELECT nope FROM people",
              "SELECT email FROM peopel",
              "SELECT 'x'::int, email FROM people")) {
        var error = client.query(text).getFirst().fields();
        assertThat(error.get('M')).as(text).doesNotContain("withheld");
        assertThat(error).as(text).containsKey('P');
      }
    }
  }

  @Test
  void onceATransactionWithMaskedDataIsOverErrorsAreSaidInFullAgain() {
    try (var client = gateway.through()) {
      client.query("BEGIN");
      client.query("SELECT email FROM people");
      assertThat(client.query("SELECT 1/0").getFirst().fields().get('M')).contains("withheld");
      client.query("ROLLBACK");
      assertThat(client.query("SELECT 1/0").getFirst().fields().get('M'))
          .isEqualTo("division by zero");
    }
  }

  @Test
  void simpleQueriesAreMaskedResultByResult() {
    assertMasked(client ->
        client.query("SELECT id, email FROM people; SELECT name FROM people; TABLE people"));
    var seen = assertMasked(client -> client.query("TABLE people"));
    assertThat(texts(seen)).contains("***", "name3", "3");
  }

  private static PgFrame binary(String statement) {
    return bind("p", statement, new short[0], List.of(), new short[] {1});
  }

  @Test
  void extendedQueriesAreMaskedInBothFormatsWithAndWithoutDescribe() {
    assertMasked(client ->
        client
            .send(parse("", "SELECT email, id FROM people"), bind("", ""), execute("", 0), sync())
            .readUntilReady());
    assertMasked(client ->
        client
            .send(parse("", "SELECT email FROM people"), binary(""), execute("p", 0), sync())
            .readUntilReady());
    assertMasked(client ->
        client
            .send(
                parse("", "SELECT photo, card, name FROM people"),
                binary(""),
                describePortal("p"),
                execute("p", 0),
                sync())
            .readUntilReady());
  }

  @Test
  void rowLimitsAndCursorsAreMasked() {
    assertMasked(client -> {
      var seen = new ArrayList<>(client.query("BEGIN"));
      client.send(
          parse("s", "SELECT id, email FROM people ORDER BY id"),
          bind("p", "s"),
          execute("p", 2),
          execute("p", 2),
          sync());
      seen.addAll(client.readUntilReady());
      client.send(execute("p", 0), sync());
      seen.addAll(client.readUntilReady());
      seen.addAll(client.query("DECLARE c CURSOR FOR SELECT email, photo FROM people"));
      seen.addAll(client.query("FETCH 2 FROM c"));
      client.send(parse("", "FETCH ALL FROM c"), bind("", ""), execute("", 1), sync());
      seen.addAll(client.readUntilReady());
      seen.addAll(client.query("COMMIT"));
      return seen;
    });
  }

  @Test
  void preparedStatementsOfSqlAndReturningAreMasked() {
    assertMasked(client -> {
      var seen = new ArrayList<>(client.query("PREPARE e AS SELECT email FROM people"));
      seen.addAll(client.query("EXECUTE e"));
      client.send(bind("", "e"), execute("", 0), sync());
      seen.addAll(client.readUntilReady());
      seen.addAll(client.query("UPDATE people SET name = 'x' WHERE id = 1 RETURNING *"));
      client.send(
          parse("", "DELETE FROM people WHERE id = $1 RETURNING email"),
          bind("", "", "2"),
          execute("", 0),
          sync());
      seen.addAll(client.readUntilReady());
      return seen;
    });
  }

  @Test
  void errorsAndNoticesAreWithheld() {
    var seen = assertMasked(client -> client.query("SELECT email::int FROM people"));
    assertThat(error(seen)).isEqualTo("22P02");
    assertMasked(
        client -> client.query("UPDATE people SET email = (SELECT min(email) FROM people)"));
    assertMasked(client ->
        client
            .send(parse("", "SELECT email::int FROM people"), bind("", ""), execute("", 0), sync())
            .readUntilReady());
    assertMasked(client ->
        client.query(
            "DO $$DECLARE e text; BEGIN SELECT email INTO e FROM people LIMIT 1; RAISE NOTICE"
                + " '%', e; END$$"));
    assertMasked(client -> {
      var all = new ArrayList<>(client.query("BEGIN"));
      all.addAll(client.query("UPDATE people SET email = (SELECT min(email) FROM people)"));
      all.addAll(client.query("COMMIT"));
      return all;
    });
  }

  @Test
  void aHugeMaskedValueIsMaskedAndOneBeyondTheBoundEndsTheSession() {
    postgres.run(
        database,
        "ALTER TABLE people DROP CONSTRAINT IF EXISTS people_email_key",
        "UPDATE people SET email = repeat('" + MARKER + "', 200000) WHERE id = 1");
    try (var client = gateway.through()) {
      var seen = client.query("SELECT email, id FROM people WHERE id = 1");
      assertThat(texts(seen)).containsExactly("***", "1");
    }
    postgres.run(
        database, "UPDATE people SET email = repeat('" + MARKER + "', 2000000) WHERE id = 1");
    try (var client = gateway.through()) {
      client.send(query("SELECT email, id FROM people WHERE id = 1"));
      var seen = client.readUntil('E');
      assertThat(shows(seen)).isFalse();
      assertThat(error(seen)).isEqualTo("08P01");
    }
  }
}
