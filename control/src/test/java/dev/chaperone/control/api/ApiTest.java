package dev.chaperone.control.api;

import static dev.chaperone.control.fixture.People.agent;
import static dev.chaperone.control.fixture.People.narrowed;
import static dev.chaperone.control.fixture.People.own;
import static dev.chaperone.control.fixture.People.person;
import static dev.chaperone.control.fixture.People.signedInBefore;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chaperone.control.fixture.FailingJournal;
import dev.chaperone.control.fixture.Node;
import dev.chaperone.control.fixture.Rules;
import dev.chaperone.control.fixture.Web;
import dev.chaperone.control.record.EntryJson;
import dev.chaperone.core.gate.Gate;
import dev.chaperone.core.identity.Intent;
import dev.chaperone.core.session.Session;
import dev.chaperone.testing.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ApiTest {
  private static final String API = "/api/v1";

  @TempDir Path directory;
  private @Nullable Node startedNode;
  private @Nullable Web startedWeb;
  private @Nullable FailingJournal journal;

  @BeforeEach
  void start() throws Exception {
    var node =
        Node.start(
            directory.resolve("data"),
            new Rules(List.of(Rules.rule("drops", 1, Duration.ZERO, Duration.ofHours(1), "dba"))),
            real -> {
              var failing = new FailingJournal(real);
              journal = failing;
              return failing;
            });
    startedNode = node;
    startedWeb = new Web(node, Files.createDirectory(directory.resolve("tls")));
    node.token("ann", own(person("ann", "staff")));
    node.token("bot", narrowed(agent("bot", person("ann"))));
    node.token("bot2", narrowed(agent("bot2", person("ann"))));
    node.token("dora", own(person("dora", "dba")));
    node.token("dora-narrowed", narrowed(person("dora", "dba")));
    node.token("dora-stale", own(signedInBefore(Duration.ofMinutes(10), "dora", "dba")));
    node.token("eve", own(person("eve", "sales")));
    node.token("root", own(person("root", "ops")));
    node.token("audrey", own(person("audrey", "audit")));
  }

  @AfterEach
  void stop() {
    web().close();
    node().close();
  }

  private Node node() {
    return Objects.requireNonNull(startedNode, "started");
  }

  private Web web() {
    return Objects.requireNonNull(startedWeb, "started");
  }

  /** The bot's held command; returns the review's id. */
  private String held() throws Exception {
    var intent = new Intent("clean up", "T-7", null);
    var client = node().open(agent("bot", person("ann")), intent, false);
    client.run("DROP TABLE \u202Ecustomers", "v\u0007");
    return node().reviews().live().getLast().review().id();
  }

  private List<String> reads() throws Exception {
    return node().entries().stream()
        .filter(entry -> entry.contains("\"type\":\"log.read\""))
        .toList();
  }

  @Test
  void aReviewShowsWhatWouldRunAndHidesNothing() throws Exception {
    var id = held();
    var review = web().get("dora", API + "/reviews/" + id).json();
    assertThat(EntryJson.needText(review, "state")).isEqualTo("pending");
    assertThat(EntryJson.needText(review, "rule")).isEqualTo("drops");
    assertThat(EntryJson.needText(review, "target")).isEqualTo("orders");
    assertThat(EntryJson.needText(review.path("identity"), "subject")).isEqualTo("bot");
    assertThat(EntryJson.needText(review.path("identity").path("onBehalfOf"), "subject"))
        .isEqualTo("ann");
    assertThat(EntryJson.needText(review.path("intent"), "ticket")).isEqualTo("T-7");
    var command = review.path("command");
    assertThat(EntryJson.needText(command, "kind")).isEqualTo("statement");
    assertThat(EntryJson.needText(command, "text")).isEqualTo("DROP TABLE \u202Ecustomers");
    assertThat(EntryJson.needText(command, "textShown")).isEqualTo("DROP TABLE ⟨U+202E⟩customers");
    assertThat(command.path("parameters").toString())
        .isEqualTo("[{\"type\":\"text\",\"value\":\"v\\u0007\",\"valueShown\":\"v⟨U+0007⟩\"}]");
    assertThat(command.path("effects").toString()).isEqualTo("[\"schema\"]");
    assertThat(EntryJson.needText(review, "digest")).hasSize(64);
    assertThat(review.has("asked")).isTrue();
    assertThat(review.has("expires")).isTrue();
    assertThat(review.path("decisions").size()).isZero();
  }

  @Test
  void aGrantThroughTheApiLetsTheCommandRun() throws Exception {
    var id = held();
    var granted = web().post("dora", API + "/reviews/" + id + "/grant", "{\"reason\":\"fine\"}");
    assertThat(granted.status()).isEqualTo(200);
    assertThat(granted.text("state")).isEqualTo("granted");
    var decision = granted.json().path("decisions").path(0);
    assertThat(EntryJson.needText(decision, "reason")).isEqualTo("fine");
    assertThat(EntryJson.needText(decision.path("by"), "subject")).isEqualTo("dora");

    var client = node().open(agent("bot", person("ann")));
    assertThat(client.run("DROP TABLE \u202Ecustomers", "v\u0007")).isInstanceOf(Gate.Permit.class);
    assertThat(web().get("dora", API + "/reviews/" + id).text("state")).isEqualTo("used");
    var late = web().post("dora", API + "/reviews/" + id + "/refuse", "{\"reason\":\"no\"}");
    assertThat(late.status()).isEqualTo(409);
  }

  @Test
  void whoMayNotDecideIsToldSoAndWhoMayNotSeeIsNot() throws Exception {
    var id = held();
    var grant = API + "/reviews/" + id + "/grant";
    var body = "{\"reason\":\"x\"}";
    assertProblem(web().post("ann", grant, body), 403, "urn:chaperone:problem:asker");
    assertProblem(web().post("bot", grant, body), 403, "urn:chaperone:problem:asker");
    assertProblem(web().post("audrey", grant, body), 403, "urn:chaperone:problem:not-a-reviewer");
    assertProblem(
        web().post("dora-narrowed", grant, body), 403, "urn:chaperone:problem:not-own-sign-in");
    assertProblem(
        web().post("dora-stale", grant, body), 403, "urn:chaperone:problem:stale-sign-in");

    var unknown = API + "/reviews/r-" + "0".repeat(23);
    for (var token : List.of("eve", "bot2")) {
      var forbidden = web().get(token, API + "/reviews/" + id);
      var missing = web().get(token, unknown);
      assertThat(forbidden.status()).isEqualTo(404);
      assertThat(forbidden.response().body()).isEqualTo(missing.response().body());
      assertThat(web().post(token, grant, body).response().body())
          .isEqualTo(web().post(token, unknown + "/grant", body).response().body());
    }
    assertThat(node().reviews().live()).hasSize(1);
  }

  private static void assertProblem(Web.Reply reply, int status, String type) {
    assertThat(reply.status()).isEqualTo(status);
    assertThat(reply.response().headers().firstValue("content-type"))
        .hasValue("application/problem+json");
    assertThat(reply.text("type")).isEqualTo(type);
    assertThat(EntryJson.number(reply.json(), "status", 0)).isEqualTo(status);
  }

  @Test
  void listingsShowWhatOneMaySeeInPages() throws Exception {
    var first = held();
    node().open(person("zed")).run("DROP TABLE mine");
    var second = node().reviews().live().getLast().review().id();
    assertThat(web().get("dora", API + "/reviews?state=pending").ids())
        .containsExactly(second, first);
    assertThat(web().get("ann", API + "/reviews?state=pending").ids()).containsExactly(first);
    assertThat(web().get("ann", API + "/reviews").ids()).containsExactly(first);
    assertThat(web().get("eve", API + "/reviews").ids()).isEmpty();
    assertThat(web().get("eve", API + "/reviews?state=pending").ids()).isEmpty();

    var page = web().get("dora", API + "/reviews?limit=1");
    assertThat(page.ids()).containsExactly(second);
    var rest = web().get("dora", API + "/reviews?limit=1&cursor=" + page.text("next"));
    assertThat(rest.ids()).containsExactly(first);
    assertThat(rest.json().has("next")).isFalse();

    web().post("dora", API + "/reviews/" + first + "/refuse", "{\"reason\":\"no\"}");
    assertThat(web().get("dora", API + "/reviews?state=refused").ids()).containsExactly(first);
    assertThat(web().get("dora", API + "/reviews?state=pending").ids()).containsExactly(second);
  }

  @Test
  void aSessionAndItsCommandsAreShownAsTheyHappened() throws Exception {
    var client = node().open(agent("bot", person("ann")), new Intent("look", null, null), false);
    client.run("SELECT $1", "a");
    client.run("SELECT FROM VAULT");
    var id = client.session().id();

    var session = web().get("ann", API + "/sessions/" + id).json();
    assertThat(EntryJson.needText(session, "state")).isEqualTo("open");
    assertThat(EntryJson.needText(session, "login")).isEqualTo("app");
    assertThat(EntryJson.number(session, "commands", 0)).isEqualTo(2);
    assertThat(session.get("ended").isNull()).isTrue();

    Await.until(
        "the outcome is durable", () -> commands("ann", id).toString().contains("completed"));
    var commands = commands("ann", id);
    var select = commands.path("items").path(0);
    assertThat(EntryJson.needText(select, "text")).isEqualTo("SELECT $1");
    assertThat(EntryJson.needText(select, "verdict")).isEqualTo("allow");
    assertThat(EntryJson.needText(select, "rule")).isEqualTo("rest");
    assertThat(EntryJson.number(select, "rows", 0)).isEqualTo(1);
    assertThat(select.path("duration").isNumber()).isTrue();
    assertThat(select.path("output").toString())
        .isEqualTo("[{\"columns\":[\"id\",\"email\"]},[\"1\",null]]");
    var vault = commands.path("items").path(1);
    assertThat(EntryJson.needText(vault, "verdict")).isEqualTo("deny");
    assertThat(EntryJson.needText(vault, "message")).isEqualTo("not through here");
    assertThat(vault.get("outcome").isNull()).isTrue();
  }

  private JsonNode commands(String token, String session) {
    try {
      return web().get(token, API + "/sessions/" + session + "/commands").json();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void rightsOverSessionsAreThoseOfTheirRoles() throws Exception {
    var client = node().open(agent("bot", person("ann")));
    client.run("SELECT 'secret'");
    client.run("DROP TABLE customers");
    var other = node().open(person("zed"));
    other.run("SELECT 1");
    var mine = client.session().id();
    var foreign = other.session().id();

    assertThat(web().get("ann", API + "/sessions").ids()).containsExactly(mine);
    assertThat(web().get("bot", API + "/sessions").ids()).containsExactly(mine);
    assertThat(web().get("bot2", API + "/sessions").ids()).isEmpty();
    // A reviewer sees the session of a review, and no other.
    assertThat(web().get("dora", API + "/sessions").ids()).containsExactly(mine);
    assertThat(web().get("audrey", API + "/sessions").ids()).containsExactly(foreign, mine);
    assertThat(web().get("root", API + "/sessions").ids()).containsExactly(foreign, mine);
    assertThat(web().get("eve", API + "/sessions/" + mine).response().body())
        .isEqualTo(web().get("eve", API + "/sessions/s-" + "0".repeat(23)).response().body());
    assertThat(web().get("dora", API + "/sessions/" + foreign + "/commands").status())
        .isEqualTo(404);

    assertThat(commands("audrey", mine).toString()).contains("secret");
    assertThat(commands("dora", mine).toString()).contains("secret");
    var metadata = commands("root", mine);
    assertThat(metadata.toString()).doesNotContain("secret").contains("\"verdict\":\"allow\"");
    assertThat(web().get("root", API + "/reviews").json().toString())
        .doesNotContain("DROP")
        .contains("pending");
  }

  @Test
  void readingWhatOthersDidIsRecorded() throws Exception {
    var id = held();
    var session = node().reviews().live().getLast().review().session();
    commands("ann", session);
    web().get("dora", API + "/reviews/" + id);
    web().get("ann", API + "/reviews");
    assertThat(reads()).isEmpty();

    commands("dora", session);
    assertThat(reads()).hasSize(1);
    assertThat(reads().getFirst())
        .contains("\"what\":\"commands\"")
        .contains("\"of\":\"" + session + "\"")
        .contains("\"by\":\"dora@example.com\"")
        .doesNotContain("DROP");
    web().get("audrey", API + "/reviews/" + id);
    web().get("audrey", API + "/reviews");
    assertThat(reads()).hasSize(3);
  }

  @Test
  void sessionsAreFilteredAndBadFiltersAreNamed() throws Exception {
    var ann = node().open(person("ann")).session().id();
    var zed = node().open(person("zed"));
    zed.session().end(new Session.End("left", "done"));
    node().sessions().closed(zed.session());
    // What comes after the end and is awaited makes the end durable too.
    node().open(person("eve"));
    var id = zed.session().id();
    assertThat(web().get("audrey", API + "/sessions?identity=zed").ids()).containsExactly(id);
    assertThat(web().get("audrey", API + "/sessions?identity=zed@example.com").ids())
        .containsExactly(id);
    assertThat(web().get("audrey", API + "/sessions?state=ended").ids()).containsExactly(id);
    assertThat(web().get("audrey", API + "/sessions?state=open").ids()).contains(ann);
    assertThat(web().get("audrey", API + "/sessions?target=other").ids()).isEmpty();
    assertThat(web().get("audrey", API + "/sessions?since=2100-01-01T00:00:00Z").ids()).isEmpty();
    assertThat(web().get("audrey", API + "/sessions?until=2100-01-01T00:00:00%2B01:00").ids())
        .hasSize(3);
    for (var bad :
        List.of("stat=open", "state=closed", "since=monday", "limit=0", "cursor=%21", "limit=x")) {
      assertThat(web().get("audrey", API + "/sessions?" + bad).status()).as(bad).isEqualTo(400);
    }
    assertThat(web().get("audrey", API + "/sessions?stat=open").text("detail")).contains("stat");
  }

  @Test
  void killingIsForAdministratorsAndForOnesOwn() throws Exception {
    var client = node().open(agent("bot", person("ann")));
    var id = client.session().id();
    var body = "{\"reason\":\"enough\"}";
    assertThat(web().post("eve", API + "/sessions/" + id + "/kill", body).status()).isEqualTo(404);
    assertThat(web().post("audrey", API + "/sessions/" + id + "/kill", body).status())
        .isEqualTo(404);
    assertThat(web().post("root", API + "/sessions/" + id + "/kill", body).status()).isEqualTo(202);
    assertThat(client.session().ended().orElseThrow().reason()).isEqualTo("killed");
    var own = node().open(person("ann"));
    assertThat(web().post("ann", API + "/sessions/" + own.session().id() + "/kill", "{}").status())
        .isEqualTo(202);
    node().sessions().closed(own.session());
    node().open(person("eve"));
    assertProblem(
        web().post("ann", API + "/sessions/" + own.session().id() + "/kill", "{}"),
        409,
        "urn:chaperone:problem:session-ended");
  }

  @Test
  void whoamiTargetsAndReload() throws Exception {
    var root = web().get("root", API + "/whoami").json();
    assertThat(root.path("roles").toString()).isEqualTo("[\"administrator\"]");
    assertThat(EntryJson.needText(root.path("identity"), "subject")).isEqualTo("root");
    assertThat(root.get("csrf").isNull()).isTrue();
    var bot = web().get("bot", API + "/whoami").json();
    assertThat(EntryJson.needText(bot.path("identity").path("onBehalfOf"), "subject"))
        .isEqualTo("ann");

    var targets = web().get("ann", API + "/targets");
    assertThat(targets.json().toString())
        .contains("\"name\":\"orders\"")
        .doesNotContain("10.0.0.5")
        .doesNotContain("never shown");
    assertThat(web().get("root", API + "/targets").json().toString()).contains("10.0.0.5:5432");

    assertThat(web().post("ann", API + "/reload", "").status()).isEqualTo(404);
    for (int i = 0; i < 3; i++) {
      assertThat(web().post("root", API + "/reload", "").status()).isEqualTo(202);
    }
    assertThat(node().reloads).hasSize(3).containsOnly("root@corp");
    var refused = web().post("root", API + "/reload", "");
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.text("detail")).isEqualTo("policy.yaml:3: unknown key rulez");
  }

  @Test
  void withoutAGoodTokenThereIsNothingAndTheFailureIsRecorded() throws Exception {
    var none = web().get(null, API + "/whoami");
    assertThat(none.status()).isEqualTo(401);
    assertThat(none.response().headers().firstValue("www-authenticate"))
        .hasValue("Bearer realm=\"chaperone\"");
    assertThat(web().get("forged-token", API + "/whoami").status()).isEqualTo(401);
    assertThat(node().entries().getLast())
        .contains("signin.failed")
        .contains("\"protocol\":\"api\"")
        .doesNotContain("forged-token");
    for (var path : List.of("/reviews", "/sessions", "/targets", "/sessions/s-" + "0".repeat(23))) {
      assertThat(web().get(null, API + path).status()).as(path).isEqualTo(401);
    }
    assertThat(web().post(null, API + "/reload", "").status()).isEqualTo(401);
  }

  @Test
  void badRequestsAreProblems() throws Exception {
    var grant = API + "/reviews/" + held() + "/grant";
    assertThat(web().post("dora", grant, "{\"reason\":7}").status()).isEqualTo(400);
    assertThat(web().post("dora", grant, "{\"raeson\":\"x\"}").status()).isEqualTo(400);
    assertThat(web().post("dora", grant, "[]").status()).isEqualTo(400);
    assertThat(web().post("dora", grant, "{\"reason\":\"" + "x".repeat(1_001) + "\"}").status())
        .isEqualTo(400);
    assertProblem(web().post("dora", grant, "x".repeat(20_000)), 413, "about:blank");
    assertProblem(web().send("POST", "dora", grant, "a=b", "text/plain"), 415, "about:blank");
    assertProblem(web().get("dora", grant), 405, "about:blank");
    assertThat(web().get("dora", grant).response().headers().firstValue("allow")).hasValue("POST");
    assertProblem(web().get("dora", "/nowhere"), 404, "about:blank");
    assertProblem(web().get("dora", API + "/reviews/%2e%2e/x"), 404, "about:blank");
    assertProblem(web().get("x".repeat(30_000), API + "/whoami"), 400, "about:blank");
    assertThat(node().reviews().live()).hasSize(1);
  }

  @Test
  void everyAnswerCarriesTheSecurityHeaders() throws Exception {
    for (var path : List.of(API + "/whoami", "/nowhere", "/health/live", "/log")) {
      var headers = web().get("ann", path).response().headers();
      assertThat(headers.firstValue("x-content-type-options")).as(path).hasValue("nosniff");
      assertThat(headers.firstValue("cache-control")).as(path).hasValue("no-store");
      assertThat(headers.firstValue("strict-transport-security")).as(path).isPresent();
      assertThat(headers.firstValue("content-security-policy")).as(path).isPresent();
      assertThat(headers.map()).as(path).doesNotContainKey("access-control-allow-origin");
    }
  }

  @Test
  void healthTellsTheTruth() throws Exception {
    assertThat(web().get(null, "/health/live").status()).isEqualTo(200);
    assertThat(web().get(null, "/health/ready").text("status")).isEqualTo("ready");
    assertThat(web().get(null, API + "/health/ready").text("status")).isEqualTo("ready");
    Objects.requireNonNull(journal, "started").fail();
    var ready = web().get(null, "/health/ready");
    assertProblem(ready, 503, "urn:chaperone:problem:journal-unavailable");
    assertThat(ready.text("detail")).isEqualTo("no space left on device");
    assertThat(web().get(null, "/health/live").status()).isEqualTo(200);
  }

  @Test
  void theLogIsServedWithoutItsContent() throws Exception {
    node().open(person("ann")).run("SELECT 1");
    var logs = web().get(null, "/log").json().path("items").path(0);
    assertThat(EntryJson.needText(logs, "origin")).isEqualTo(Node.ORIGIN);
    assertThat(EntryJson.needText(logs, "key")).startsWith(Node.ORIGIN + "+");
    var log = "/log/" + Node.ORIGIN;
    Await.until("a checkpoint is signed", () -> status(null, log + "/checkpoint") == 200);
    var checkpoint = web().get(null, log + "/checkpoint").response().body();
    assertThat(checkpoint).startsWith(Node.ORIGIN + "\n");
    var size = checkpoint.lines().skip(1).findFirst().orElseThrow();
    assertThat(status(null, log + "/tile/0/000.p/" + size)).isEqualTo(200);

    var bundle = log + "/tile/entries/000.p/" + size;
    assertThat(status(null, bundle)).isEqualTo(401);
    assertThat(status("root", bundle)).isEqualTo(404);
    assertThat(reads()).isEmpty();
    assertThat(status("audrey", bundle)).isEqualTo(200);
    assertThat(reads()).hasSize(1);
    for (var bad : List.of("/key.pub", "/../key", "/tile/0/../../../key", "/tile/0/%2e%2e/x")) {
      assertThat(status("audrey", log + bad)).as(bad).isEqualTo(404);
    }
  }

  private int status(@Nullable String token, String path) {
    try {
      return web().get(token, path).status();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aReviewsAddressTellsEveryoneTheSame() throws Exception {
    var id = held();
    var there = web().get(null, "/reviews/" + id);
    var other = "r-" + "0".repeat(23);
    var missing = web().get(null, "/reviews/" + other);
    assertThat(there.status()).isEqualTo(200);
    assertThat(there.response().body())
        .isEqualTo(missing.response().body().replace(other, id))
        .contains("chaperone reviews grant " + id)
        .doesNotContain("DROP");
  }
}
