package dev.chaperone.postgres.session;

import static dev.chaperone.testing.PgMessages.bind;
import static dev.chaperone.testing.PgMessages.cancel;
import static dev.chaperone.testing.PgMessages.copyData;
import static dev.chaperone.testing.PgMessages.copyDone;
import static dev.chaperone.testing.PgMessages.copyFail;
import static dev.chaperone.testing.PgMessages.describePortal;
import static dev.chaperone.testing.PgMessages.execute;
import static dev.chaperone.testing.PgMessages.flush;
import static dev.chaperone.testing.PgMessages.parse;
import static dev.chaperone.testing.PgMessages.query;
import static dev.chaperone.testing.PgMessages.sync;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chaperone.testing.PgFrame;
import dev.chaperone.testing.RawPostgres;
import dev.chaperone.testing.TestPostgres;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** COPY with the client at its other end, against a real server, message for message. */
@Timeout(60)
final class CopyTest {
  private static TestPostgres postgres;
  private static String database;
  private static TestGateway gateway;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    postgres = TestPostgres.shared();
    database = postgres.createDatabase();
    gateway = new TestGateway(postgres, database, directory.resolve("journal"), TestGateway.POLICY);
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @BeforeEach
  void tables() {
    postgres.run(
        database,
        "DROP TABLE IF EXISTS t",
        "CREATE TABLE t (id int PRIMARY KEY, v text)",
        "INSERT INTO t SELECT i, 'v' || i FROM generate_series(1, 10) i",
        "GRANT ALL ON t TO app");
  }

  private static long count() {
    try (var direct = gateway.direct()) {
      return Long.parseLong(
          String.valueOf(direct.query("SELECT count(*) FROM t").get(1).texts().getFirst()));
    }
  }

  private void assertSameTrace(Consumer<RawPostgres> script) {
    String direct;
    long rows;
    try (var client = gateway.direct()) {
      script.accept(client);
      direct = client.trace();
      rows = count();
    }
    tables();
    try (var client = gateway.through()) {
      script.accept(client);
      assertThat(client.trace()).isEqualTo(direct);
      assertThat(count()).isEqualTo(rows);
    }
  }

  private static PgFrame data(String lines) {
    return copyData(lines.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void copyOutAnswersLikeTheServer() {
    assertSameTrace(client -> {
      client.query("COPY t TO STDOUT");
      client.query("COPY t (v) TO STDOUT (FORMAT csv, HEADER)");
      client.query("COPY BINARY t TO STDOUT");
      client.query(
          "COPY (SELECT v FROM t WHERE id > 4) TO STDOUT WITH CSV QUOTE '|' FORCE QUOTE v");
      client.query("SELECT 1; COPY t TO STDOUT; COPY (SELECT 7) TO STDIN; SELECT 2");
      client.query("COPY t TO STDOUT; SELECT 1/0; COPY t TO STDOUT");
      client.query("COPY (SELECT 1/(id - 5) FROM t) TO STDOUT");
      client.query("COPY nowhere TO STDOUT");
      client.send(
          parse("", "COPY t TO STDOUT"),
          bind("", ""),
          describePortal(""),
          execute("", 3),
          parse("", "SELECT 1"),
          bind("", ""),
          execute("", 0),
          sync());
      client.readUntilReady();
      client.send(parse("s", "COPY t TO STDOUT"), bind("p", "s"), execute("p", 0), flush());
      client.readUntil('C');
      client.send(execute("p", 0), sync());
      client.readUntilReady();
    });
  }

  @Test
  void copyInAnswersLikeTheServer() {
    assertSameTrace(client -> {
      client.send(query("COPY t FROM STDIN")).readUntil('G');
      client.send(data("11\ta\n12\t"), data("b\n"), data(""), copyDone()).readUntilReady();
      client.send(query("COPY t FROM STDIN (FORMAT csv, HEADER)")).readUntil('G');
      client.send(data("id,v\n13,\"a\nb\"\n"), flush(), sync(), copyDone()).readUntilReady();
      client.send(query("COPY t FROM STDIN")).readUntil('G');
      client.send(data("14\ta\n"), copyFail("no more")).readUntilReady();
      client.send(query("COPY t FROM STDIN")).readUntil('G');
      client.send(data("14\ta\n\\.\n"), copyDone()).readUntilReady();
      client.query("SELECT count(*) FROM t");
      // Without a COPY its messages are read over.
      client.send(data("x"), copyDone(), copyFail("x"), query("SELECT 1")).readUntilReady();
      client.query("COPY nowhere FROM STDIN");
      client.query("COPY t (nope) FROM STDIN");
    });
  }

  @Test
  void severalCopiesInOneTextTakeTurns() {
    assertSameTrace(client -> {
      client.send(query("COPY t FROM STDIN; SELECT 1; COPY t FROM STDIN; COPY t TO STDOUT"));
      client.readUntil('G');
      client.send(data("20\ta\n"), copyDone()).readUntil('G');
      client.send(data("21\ta\n"), copyDone()).readUntilReady();
      client.send(query("COPY t FROM STDIN; COPY t FROM STDIN")).readUntil('G');
      client.send(data("22\ta\n"), copyDone()).readUntil('G');
      client.send(data("22\ta\n"), copyDone()).readUntilReady();
      client.query("SELECT count(*) FROM t");
    });
  }

  @Test
  void copyInOfTheExtendedProtocolIgnoresSyncsUntilItsEnd() {
    assertSameTrace(client -> {
      client.send(parse("", "COPY t FROM STDIN"), bind("", ""), execute("", 0), sync());
      client.readUntil('G');
      client.send(data("11\ta\n"), copyDone(), sync()).readUntilReady();
      // All in one pipeline, with something after it.
      client.send(
          parse("s", "COPY t FROM STDIN"),
          bind("", "s"),
          execute("", 0),
          data("12\ta\n"),
          flush(),
          sync(),
          copyDone(),
          bind("", "s"),
          execute("", 0),
          data("13\ta\n"),
          copyDone(),
          parse("", "SELECT count(*) FROM t"),
          bind("", ""),
          execute("", 0),
          sync());
      client.readUntilReady();
      // It never begins: the data is read over, and what follows is skipped up to Sync.
      client.send(
          parse("", "COPY nowhere FROM STDIN"),
          bind("", ""),
          execute("", 0),
          data("14\ta\n"),
          copyDone(),
          parse("", "SELECT 1"),
          sync());
      client.readUntilReady();
    });
  }

  @Test
  void anErrorOfTheServersInMidStreamLeavesNothingBehind() {
    assertSameTrace(client -> {
      client.send(query("COPY t FROM STDIN")).readUntil('G');
      client.send(data("30\ta\nnonsense\tb\n")).readUntilReady();
      client.send(data("31\ta\n"), copyDone()).query("SELECT count(*) FROM t");
      client.query("BEGIN");
      client.send(query("COPY t FROM STDIN")).readUntil('G');
      client.send(data("1\talready there\n"), copyDone()).readUntilReady();
      client.query("SELECT 1");
      client.query("ROLLBACK");
      client.send(parse("", "COPY t FROM STDIN"), bind("", ""), execute("", 0)).send(flush());
      client.readUntil('G');
      client.send(data("nonsense\n")).readUntil('E');
      client.send(data("32\ta\n"), copyDone(), parse("", "SELECT 1"), sync()).readUntilReady();
      client.query("SELECT count(*) FROM t");
    });
  }

  @Test
  void somethingElseInMidStreamEndsTheSessionAndCommitsNothing() {
    for (var other : new PgFrame[] {query("SELECT 1"), parse("", "SELECT 1"), bind("", "")}) {
      try (var client = gateway.through()) {
        client.send(query("COPY t FROM STDIN")).readUntil('G');
        client.send(data("40\ta\n"), other);
        assertThat(client.readUntil('E').getLast().sqlState()).isEqualTo("08P01");
        assertThat(client.isClosedWithin(RawPostgres.DEADLINE)).isTrue();
      }
    }
    try (var client = gateway.through()) {
      client.send(query("COPY t FROM STDIN")).readUntil('G');
      client.send(data("41\ta\n")); // and leaves
    }
    try (var client = gateway.through()) { // takes what locks are left
      assertThat(Answers.types(client.query("DELETE FROM t WHERE id = 1"))).isEqualTo("CZ");
    }
    assertThat(count()).isEqualTo(9);
  }

  @Test
  void aRefusedCopyTakesNoDataAndReturnsNone() {
    try (var client = gateway.through()) {
      assertThat(Answers.types(client.query("COPY t TO STDOUT /*deny*/"))).isEqualTo("EZ");
      client.send(query("COPY t FROM STDIN /*deny*/"), data("50\ta\n"), copyDone());
      assertThat(Answers.types(client.readUntilReady())).isEqualTo("EZ");
      client.send(
          parse("", "COPY t FROM STDIN /*deny*/"),
          bind("", ""),
          execute("", 0),
          data("51\ta\n"),
          copyDone(),
          sync());
      assertThat(Answers.types(client.readUntilReady())).isEqualTo("EZ");
      assertThat(Answers.types(client.query("SELECT 1"))).isEqualTo("TDCZ");
      assertThat(count()).isEqualTo(10);
    }
  }

  @Test
  void aHeldCopyTakesItsDataAfterTheGrant() throws Exception {
    try (var client = gateway.through()) {
      client.send(query("COPY t FROM STDIN /*hold*/"), data("60\ta\n"), copyDone());
      gateway.approvals().next().grant();
      assertThat(Answers.types(client.readUntilReady())).isEqualTo("NGCZ");
      assertThat(count()).isEqualTo(11);
    }
  }

  @Test
  void theRecordHasTheDigestOfWhatWasSentAndTheRowsOfWhatCameBack() throws Exception {
    try (var client = gateway.through()) {
      client.send(query("COPY t FROM STDIN -- digest")).readUntil('G');
      client.send(data("70\ta\n7"), data("1\tb\n"), copyDone()).readUntilReady();
      var decided = gateway.awaitEntry("decided", "-- digest");
      var closed = gateway.awaitEntry("closed", sha256("70\ta\n71\tb\n"));
      assertThat(closed).contains("\"inputBytes\":10,").contains("\"inputTruncated\":true");
      assertThat(decided).contains("\"effects\":[\"write\"]").contains("public.t");
      client.query("COPY (SELECT v FROM t WHERE id < 3 ORDER BY id) TO STDOUT");
      var out = gateway.awaitEntry("closed", "[\\\"v1\\\"]");
      assertThat(out).contains("\"rows\":2,");
    }
  }

  @Test
  void aCancelledCopyInFailsAndTheSessionGoesOn() {
    try (var client = gateway.through()) {
      client.query("BEGIN");
      client.send(query("COPY t FROM STDIN")).readUntil('G');
      client.send(data("80\ta\n"));
      try (var other = gateway.connected()) {
        other.send(cancel(client.process(), client.secretKey()));
        assertThat(other.isClosedWithin(RawPostgres.DEADLINE)).isTrue();
      }
      // The server looks for a cancel when data comes.
      var sqlState = "";
      for (int id = 81; id < 600 && sqlState.isEmpty(); id++) {
        client.send(data(id + "\ta\n"));
        var answer = client.poll(Duration.ofMillis(10));
        sqlState = answer == null ? "" : answer.sqlState();
      }
      assertThat(sqlState).isEqualTo("57014");
      assertThat(Answers.status(client.readUntilReady())).isEqualTo('E');
      client.send(copyDone());
      assertThat(Answers.status(client.query("ROLLBACK"))).isEqualTo('I');
      assertThat(count()).isEqualTo(10);
    }
  }

  @Test
  void aLongMessageOfDataPassesInPieces() {
    var line = new byte[9 << 20];
    Arrays.fill(line, (byte) 'x');
    System.arraycopy("90\t".getBytes(StandardCharsets.UTF_8), 0, line, 0, 3);
    line[line.length - 1] = '\n';
    try (var client = gateway.through()) {
      client.send(query("COPY t FROM STDIN")).readUntil('G');
      client.send(copyData(line), copyDone()).readUntilReady();
      var length = client.query("SELECT length(v) FROM t WHERE id = 90").get(1).texts().getFirst();
      assertThat(length).isEqualTo(Integer.toString(line.length - 4));
      var back = client.query("COPY (SELECT id, v FROM t WHERE id = 90) TO STDOUT");
      assertThat(back.get(1).body()).isEqualTo(line);
    }
  }

  private static String sha256(String text) throws Exception {
    var digest = MessageDigest.getInstance("SHA-256");
    return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
  }
}
