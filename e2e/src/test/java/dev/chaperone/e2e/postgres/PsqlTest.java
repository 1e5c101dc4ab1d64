package dev.chaperone.e2e.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaperone.testing.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a person with psql and the CLI sees. Fails, and does not skip, where psql is missing. */
@Timeout(240)
final class PsqlTest {
  private static final Pattern REVIEW = Pattern.compile("r-[0-9a-z]{23}");

  private static TestPostgres postgres;
  private static String database;
  private static Gateway gateway;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    postgres = TestPostgres.shared();
    database = postgres.createDatabase();
    postgres.run(database, PolicyForTests.SCHEMA);
    gateway =
        new Gateway(
            postgres,
            database,
            Files.createDirectories(directory.resolve("g")),
            PolicyForTests.TEXT);
  }

  @AfterAll
  static void stop() throws Exception {
    gateway.close();
  }

  @Test
  void aMaskedColumnIsMaskedAndTheRestIsNot() throws Exception {
    var seen =
        gateway.psql(
            gateway.agent("bot"),
            "SELECT id, name, email FROM customers ORDER BY id",
            "SELECT 'x' || email FROM customers",
            "SELECT count(*) FROM customers");
    assertThat(seen.out()).contains("1|Ada|", "2|Grace|").doesNotContain("marker");
    assertThat(seen.status()).isZero();
  }

  @Test
  void aHeldDropRunsOnceAPersonGrantsIt() throws Exception {
    postgres.run(database, "CREATE TABLE granted (i int)", "ALTER TABLE granted OWNER TO app");
    var psql = begin(gateway.agent("bot-1"), "DROP TABLE granted");
    var review = pendingReview("DROP TABLE granted");
    var dba = gateway.person("dora", "dba");
    assertThat(gateway.cli(dba, "reviews", "show", review).out()).contains("DROP TABLE granted");
    assertThat(gateway.cli(gateway.agent("bot-1"), "reviews", "grant", review, "--reason", "me"))
        .matches(own -> own.status() != 0, "whoever asked does not grant");
    var granted = gateway.cli(dba, "reviews", "grant", review, "--reason", "planned");
    assertThat(granted.status()).as(granted.err()).isZero();
    var seen = psql.join();
    assertThat(seen.out()).contains("DROP TABLE");
    assertThat(seen.err()).contains("waiting for a person").contains(review);
  }

  @Test
  void aRefusedDropDoesNotRunAndSaysWhy() throws Exception {
    postgres.run(database, "CREATE TABLE refused (i int)", "ALTER TABLE refused OWNER TO app");
    var psql = begin(gateway.agent("bot-2"), "DROP TABLE refused", "SELECT 'still here'");
    var review = pendingReview("DROP TABLE refused");
    var refused =
        gateway.cli(
            gateway.person("dora", "dba"), "reviews", "refuse", review, "--reason", "not today");
    assertThat(refused.status()).as(refused.err()).isZero();
    var seen = psql.join();
    assertThat(seen.err()).contains("not today").contains("\"state\":\"refused\"");
    assertThat(seen.out()).contains("still here");
    assertThat(gateway.psql(gateway.agent("bot-2"), "SELECT count(*) FROM refused").out())
        .contains("0");
  }

  @Test
  void aReviewThatNobodyDecidesExpires() throws Exception {
    var seen =
        gateway.psql(gateway.agent("bot-3"), "UPDATE notes SET text = 'x' /*brief*/", "SELECT 7");
    assertThat(seen.err()).containsAnyOf("\"state\":\"pending\"", "\"state\":\"expired\"");
    assertThat(seen.out()).contains("7");
  }

  @Test
  void aHeldCommandIsAskedAgainAfterItsGrantAndRunsOnce() throws Exception {
    var agent = gateway.agent("bot-4");
    var text = "INSERT INTO notes VALUES (4001, 'once') /*told-at-once*/";
    var first = gateway.psql(agent, text);
    assertThat(first.err()).contains("\"state\":\"pending\"").contains("reviews wait");
    var review = find(first.err());
    var granted =
        gateway.cli(gateway.person("dora", "dba"), "reviews", "grant", review, "--reason", "fine");
    assertThat(granted.status()).as(granted.err()).isZero();
    assertThat(gateway.psql(agent, text).out()).contains("INSERT 0 1");
    assertThat(gateway.psql(agent, text).err()).contains("\"state\":\"pending\"");
    assertThat(gateway.psql(agent, "SELECT count(*) FROM notes WHERE id = 4001").out())
        .contains("1");
  }

  @Test
  void aRefusalInsideATransactionFailsIt() throws Exception {
    var seen =
        gateway.psql(
            gateway.agent("bot-5"),
            "BEGIN",
            "INSERT INTO notes VALUES (5001, 'lost')",
            "SELECT * FROM vault.keys",
            "COMMIT",
            "SELECT count(*) FROM notes WHERE id = 5001");
    assertThat(seen.err()).contains("vault tables are not reachable");
    assertThat(seen.out()).contains("ROLLBACK").endsWith("0\n");
  }

  @Test
  void aCancelWithdrawsWhatIsHeld() throws Exception {
    postgres.run(database, "CREATE TABLE kept (i int)", "ALTER TABLE kept OWNER TO app");
    var process = gateway.psqlBuilder(gateway.agent("bot-6"), "DROP TABLE kept").start();
    var review = pendingReview("DROP TABLE kept");
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    var dba = gateway.person("dora", "dba");
    awaitState(dba, review, "cancelled");
    assertThat(gateway.cli(dba, "reviews", "grant", review, "--reason", "late").status())
        .isNotZero();
    process.waitFor();
    assertThat(gateway.psql(gateway.agent("bot-6"), "SELECT count(*) FROM kept").out())
        .contains("0");
  }

  @Test
  void aTokenThatProvesNothingDoesNotSignIn() throws Exception {
    var seen = gateway.psql("not-a-token", "SELECT 1");
    assertThat(seen.status()).isEqualTo(2);
    assertThat(seen.err()).contains("sign-in refused");
  }

  @Test
  void theSessionIsListedShownReplayedAndTheLogVerifies() throws Exception {
    gateway.psql(gateway.agent("bot-7"), "SELECT name, email FROM customers WHERE id = 1");
    var auditor = gateway.person("auditor", "audit");
    var listed = gateway.cli(auditor, "sessions", "list", "--identity", "bot-7");
    assertThat(listed.status()).as(listed.err()).isZero();
    Matcher session = Pattern.compile("s-[0-9a-z]{23}").matcher(listed.out());
    assertThat(session.find()).as(listed.out()).isTrue();
    assertThat(gateway.cli(auditor, "sessions", "show", session.group()).out()).contains("bot-7");
    var replay = gateway.cli(auditor, "sessions", "replay", session.group());
    assertThat(replay.out())
        .contains("SELECT name, email FROM customers", "Ada")
        .doesNotContain("marker");
    var verified = awaitVerified(auditor);
    assertThat(verified.status()).as(verified.out() + verified.err()).isIn(0, 4);
  }

  private static Finished awaitVerified(String token) throws Exception {
    Finished last = gateway.cli(token, "verify", gateway.data().toString());
    for (int i = 0; i < 10 && last.status() != 0 && last.status() != 4; i++) {
      last = gateway.cli(token, "verify", gateway.data().toString());
    }
    return last;
  }

  private static CompletableFuture<Finished> begin(String token, String... commands) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return gateway.psql(token, commands);
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        },
        Thread::startVirtualThread);
  }

  private static String pendingReview(String text) throws Exception {
    var dba = gateway.person("dora", "dba");
    long deadline = System.nanoTime() + Duration.ofSeconds(25).toNanos();
    while (System.nanoTime() < deadline) {
      var list = gateway.cli(dba, "reviews", "list", "--state", "pending");
      for (var line : list.out().lines().toList()) {
        if (line.contains(text)) {
          return find(line);
        }
      }
    }
    throw new AssertionError("no pending review of " + text);
  }

  private static void awaitState(String token, String review, String state) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    String last = "";
    while (System.nanoTime() < deadline) {
      last = gateway.cli(token, "reviews", "show", review, "--json").out();
      if (last.contains("\"state\":\"" + state + "\"")
          || last.contains("\"state\" : \"" + state + "\"")) {
        return;
      }
    }
    throw new AssertionError(review + " is not " + state + ": " + last);
  }

  private static String find(String text) {
    var matcher = REVIEW.matcher(text);
    if (!matcher.find()) {
      throw new AssertionError("no review's id in " + text);
    }
    return matcher.group();
  }
}
