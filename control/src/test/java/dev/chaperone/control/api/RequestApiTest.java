package dev.chaperone.control.api;

import static dev.chaperone.control.fixture.Office.assertProblem;
import static dev.chaperone.control.fixture.People.person;
import static dev.chaperone.control.fixture.Web.API;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chaperone.control.fixture.Node;
import dev.chaperone.control.fixture.Office;
import dev.chaperone.control.record.EntryJson;
import dev.chaperone.testing.Await;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RequestApiTest {
  @TempDir Path directory;
  private @Nullable Office started;

  @BeforeEach
  void start() throws Exception {
    started = new Office(directory);
  }

  @AfterEach
  void stop() {
    office().close();
  }

  private Office office() {
    return Objects.requireNonNull(started, "started");
  }

  @Test
  void whoamiTargetsAndReload() throws Exception {
    var root = office().web().get("root", API + "/whoami").json();
    assertThat(root.path("roles").toString()).isEqualTo("[\"administrator\"]");
    assertThat(EntryJson.needText(root.path("identity"), "subject")).isEqualTo("root");
    assertThat(root.get("csrf").isNull()).isTrue();
    var bot = office().web().get("bot", API + "/whoami").json();
    assertThat(EntryJson.needText(bot.path("identity").path("onBehalfOf"), "subject"))
        .isEqualTo("ann");

    var targets = office().web().get("ann", API + "/targets");
    assertThat(targets.json().toString())
        .contains("\"name\":\"orders\"")
        .doesNotContain("10.0.0.5")
        .doesNotContain("never shown");
    assertThat(office().web().get("root", API + "/targets").json().toString())
        .contains("10.0.0.5:5432");

    assertThat(office().web().post("ann", API + "/reload", "").status()).isEqualTo(404);
    for (int i = 0; i < 3; i++) {
      assertThat(office().web().post("root", API + "/reload", "").status()).isEqualTo(202);
    }
    assertThat(office().node().reloads).hasSize(3).containsOnly("root@corp");
    var refused = office().web().post("root", API + "/reload", "");
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.text("detail")).isEqualTo("policy.yaml:3: unknown key rulez");
  }

  @Test
  void withoutAGoodTokenThereIsNothingAndTheFailureIsRecorded() throws Exception {
    var none = office().web().get(null, API + "/whoami");
    assertThat(none.status()).isEqualTo(401);
    assertThat(none.response().headers().firstValue("www-authenticate"))
        .hasValue("Bearer realm=\"chaperone\"");
    assertThat(office().web().get("forged-token", API + "/whoami").status()).isEqualTo(401);
    assertThat(office().node().entries().getLast())
        .contains("signin.failed")
        .contains("\"protocol\":\"api\"")
        .doesNotContain("forged-token");
    for (var path : List.of("/reviews", "/sessions", "/targets", "/sessions/s-" + "0".repeat(23))) {
      assertThat(office().web().get(null, API + path).status()).as(path).isEqualTo(401);
    }
    assertThat(office().web().post(null, API + "/reload", "").status()).isEqualTo(401);
  }

  @Test
  void badRequestsAreProblems() throws Exception {
    var grant = API + "/reviews/" + office().held() + "/grant";
    assertThat(office().web().post("dora", grant, "{\"reason\":7}").status()).isEqualTo(400);
    assertThat(office().web().post("dora", grant, "{\"raeson\":\"x\"}").status()).isEqualTo(400);
    assertThat(office().web().post("dora", grant, "[]").status()).isEqualTo(400);
    assertThat(
            office()
                .web()
                .post("dora", grant, "{\"reason\":\"" + "x".repeat(1_001) + "\"}")
                .status())
        .isEqualTo(400);
    assertProblem(office().web().post("dora", grant, "x".repeat(20_000)), 413, "about:blank");
    assertProblem(
        office().web().send("POST", "dora", grant, "a=b", "text/plain"), 415, "about:blank");
    assertProblem(office().web().get("dora", grant), 405, "about:blank");
    assertThat(office().web().get("dora", grant).response().headers().firstValue("allow"))
        .hasValue("POST");
    assertProblem(office().web().get("dora", "/nowhere"), 404, "about:blank");
    assertProblem(office().web().get("dora", API + "/reviews/%2e%2e/x"), 404, "about:blank");
    assertProblem(office().web().get("x".repeat(30_000), API + "/whoami"), 400, "about:blank");
    assertThat(office().node().reviews().live()).hasSize(1);
  }

  @Test
  void everyAnswerCarriesTheSecurityHeaders() throws Exception {
    for (var path : List.of(API + "/whoami", "/nowhere", "/health/live", "/log")) {
      var headers = office().web().get("ann", path).response().headers();
      assertThat(headers.firstValue("x-content-type-options")).as(path).hasValue("nosniff");
      assertThat(headers.firstValue("cache-control")).as(path).hasValue("no-store");
      assertThat(headers.firstValue("strict-transport-security")).as(path).isPresent();
      assertThat(headers.firstValue("content-security-policy")).as(path).isPresent();
      assertThat(headers.map()).as(path).doesNotContainKey("access-control-allow-origin");
    }
  }

  @Test
  void healthTellsTheTruth() throws Exception {
    assertThat(office().web().get(null, "/health/live").status()).isEqualTo(200);
    assertThat(office().web().get(null, "/health/ready").text("status")).isEqualTo("ready");
    assertThat(office().web().get(null, API + "/health/ready").text("status")).isEqualTo("ready");
    office().journal().fail();
    var ready = office().web().get(null, "/health/ready");
    assertProblem(ready, 503, "urn:chaperone:problem:journal-unavailable");
    assertThat(ready.text("detail")).isEqualTo("no space left on device");
    assertThat(office().web().get(null, "/health/live").status()).isEqualTo(200);
  }

  @Test
  void whoIsStoppingIsNotReady() throws Exception {
    office().node().sessions().drain();
    assertProblem(office().web().get(null, "/health/ready"), 503, "urn:chaperone:problem:stopping");
    assertThat(office().web().get(null, "/health/live").status()).isEqualTo(200);
  }

  @Test
  void theLogIsServedWithoutItsContent() throws Exception {
    office().node().open(person("ann")).run("SELECT 1");
    var logs = office().web().get(null, "/log").json().path("items").path(0);
    assertThat(EntryJson.needText(logs, "origin")).isEqualTo(Node.ORIGIN);
    assertThat(EntryJson.needText(logs, "key")).startsWith(Node.ORIGIN + "+");
    var log = "/log/" + Node.ORIGIN;
    Await.until("a checkpoint is signed", () -> office().status(null, log + "/checkpoint") == 200);
    var checkpoint = office().web().get(null, log + "/checkpoint").response().body();
    assertThat(checkpoint).startsWith(Node.ORIGIN + "\n");
    var size = checkpoint.lines().skip(1).findFirst().orElseThrow();
    assertThat(office().status(null, log + "/tile/0/000.p/" + size)).isEqualTo(200);

    var bundle = log + "/tile/entries/000.p/" + size;
    assertThat(office().status(null, bundle)).isEqualTo(401);
    assertThat(office().status("root", bundle)).isEqualTo(404);
    assertThat(office().reads()).isEmpty();
    assertThat(office().status("audrey", bundle)).isEqualTo(200);
    assertThat(office().reads()).hasSize(1);
    for (var bad : List.of("/key.pub", "/../key", "/tile/0/../../../key", "/tile/0/%2e%2e/x")) {
      assertThat(office().status("audrey", log + bad)).as(bad).isEqualTo(404);
    }
  }
}
