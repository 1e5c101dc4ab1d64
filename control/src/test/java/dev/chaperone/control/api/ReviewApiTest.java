package dev.chaperone.control.api;

import static dev.chaperone.control.fixture.Office.assertProblem;
import static dev.chaperone.control.fixture.People.agent;
import static dev.chaperone.control.fixture.People.person;
import static dev.chaperone.control.fixture.Web.API;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chaperone.control.fixture.Office;
import dev.chaperone.control.record.EntryJson;
import dev.chaperone.core.gate.Gate;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReviewApiTest {
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
  void aReviewShowsWhatWouldRunAndHidesNothing() throws Exception {
    var id = office().held();
    var review = office().web().get("dora", API + "/reviews/" + id).json();
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
    var id = office().held();
    var granted =
        office().web().post("dora", API + "/reviews/" + id + "/grant", "{\"reason\":\"fine\"}");
    assertThat(granted.status()).isEqualTo(200);
    assertThat(granted.text("state")).isEqualTo("granted");
    var decision = granted.json().path("decisions").path(0);
    assertThat(EntryJson.needText(decision, "reason")).isEqualTo("fine");
    assertThat(EntryJson.needText(decision.path("by"), "subject")).isEqualTo("dora");

    var client = office().node().open(agent("bot", person("ann")));
    assertThat(client.run("DROP TABLE \u202Ecustomers", "v\u0007")).isInstanceOf(Gate.Permit.class);
    assertThat(office().web().get("dora", API + "/reviews/" + id).text("state")).isEqualTo("used");
    var late =
        office().web().post("dora", API + "/reviews/" + id + "/refuse", "{\"reason\":\"no\"}");
    assertThat(late.status()).isEqualTo(409);
  }

  @Test
  void whoMayNotDecideIsToldSoAndWhoMayNotSeeIsNot() throws Exception {
    var id = office().held();
    var grant = API + "/reviews/" + id + "/grant";
    var body = "{\"reason\":\"x\"}";
    assertProblem(office().web().post("ann", grant, body), 403, "urn:chaperone:problem:asker");
    assertProblem(office().web().post("bot", grant, body), 403, "urn:chaperone:problem:asker");
    assertProblem(
        office().web().post("audrey", grant, body), 403, "urn:chaperone:problem:not-a-reviewer");
    assertProblem(
        office().web().post("dora-narrowed", grant, body),
        403,
        "urn:chaperone:problem:not-own-sign-in");
    assertProblem(
        office().web().post("dora-stale", grant, body), 403, "urn:chaperone:problem:stale-sign-in");

    var unknown = API + "/reviews/r-" + "0".repeat(23);
    for (var token : List.of("eve", "bot2")) {
      var forbidden = office().web().get(token, API + "/reviews/" + id);
      var missing = office().web().get(token, unknown);
      assertThat(forbidden.status()).isEqualTo(404);
      assertThat(forbidden.response().body()).isEqualTo(missing.response().body());
      assertThat(office().web().post(token, grant, body).response().body())
          .isEqualTo(office().web().post(token, unknown + "/grant", body).response().body());
    }
    assertThat(office().node().reviews().live()).hasSize(1);
  }

  @Test
  void listingsShowWhatOneMaySeeInPages() throws Exception {
    var first = office().held();
    office().node().open(person("zed")).run("DROP TABLE mine");
    var second = office().node().reviews().live().getLast().review().id();
    assertThat(office().web().get("dora", API + "/reviews?state=pending").ids())
        .containsExactly(second, first);
    assertThat(office().web().get("ann", API + "/reviews?state=pending").ids())
        .containsExactly(first);
    assertThat(office().web().get("ann", API + "/reviews").ids()).containsExactly(first);
    assertThat(office().web().get("eve", API + "/reviews").ids()).isEmpty();
    assertThat(office().web().get("eve", API + "/reviews?state=pending").ids()).isEmpty();

    var page = office().web().get("dora", API + "/reviews?limit=1");
    assertThat(page.ids()).containsExactly(second);
    var rest = office().web().get("dora", API + "/reviews?limit=1&cursor=" + page.text("next"));
    assertThat(rest.ids()).containsExactly(first);
    assertThat(rest.json().has("next")).isFalse();

    office().web().post("dora", API + "/reviews/" + first + "/refuse", "{\"reason\":\"no\"}");
    assertThat(office().web().get("dora", API + "/reviews?state=refused").ids())
        .containsExactly(first);
    assertThat(office().web().get("dora", API + "/reviews?state=pending").ids())
        .containsExactly(second);
  }

  @Test
  void aReviewsAddressTellsEveryoneTheSame() throws Exception {
    var id = office().held();
    var there = office().web().get(null, "/reviews/" + id);
    var other = "r-" + "0".repeat(23);
    var missing = office().web().get(null, "/reviews/" + other);
    assertThat(there.status()).isEqualTo(200);
    assertThat(there.response().body())
        .isEqualTo(missing.response().body().replace(other, id))
        .contains("chaperone reviews grant " + id)
        .doesNotContain("DROP");
  }
}
