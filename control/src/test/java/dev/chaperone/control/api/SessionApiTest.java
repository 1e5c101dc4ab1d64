package dev.chaperone.control.api;

import static dev.chaperone.control.fixture.Office.assertProblem;
import static dev.chaperone.control.fixture.People.agent;
import static dev.chaperone.control.fixture.People.own;
import static dev.chaperone.control.fixture.People.person;
import static dev.chaperone.control.fixture.Web.API;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chaperone.control.fixture.Office;
import dev.chaperone.control.record.EntryJson;
import dev.chaperone.core.identity.Intent;
import dev.chaperone.core.session.Session;
import dev.chaperone.testing.Await;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionApiTest {
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
  void aSessionAndItsCommandsAreShownAsTheyHappened() throws Exception {
    var client =
        office().node().open(agent("bot", person("ann")), new Intent("look", null, null), false);
    client.run("SELECT $1", "a");
    client.run("SELECT FROM VAULT");
    var id = client.session().id();

    var session = office().web().get("ann", API + "/sessions/" + id).json();
    assertThat(EntryJson.needText(session, "state")).isEqualTo("open");
    assertThat(EntryJson.needText(session, "login")).isEqualTo("app");
    assertThat(EntryJson.number(session, "commands", 0)).isEqualTo(2);
    assertThat(session.get("ended").isNull()).isTrue();

    Await.until(
        "the outcome is durable",
        () -> office().commands("ann", id).toString().contains("completed"));
    var commands = office().commands("ann", id);
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

  @Test
  void rightsOverSessionsAreThoseOfTheirRoles() throws Exception {
    var client = office().node().open(agent("bot", person("ann")));
    client.run("SELECT 'secret'");
    client.run("DROP TABLE customers");
    var other = office().node().open(person("zed"));
    other.run("SELECT 1");
    var mine = client.session().id();
    var foreign = other.session().id();

    assertThat(office().web().get("ann", API + "/sessions").ids()).containsExactly(mine);
    assertThat(office().web().get("bot", API + "/sessions").ids()).containsExactly(mine);
    assertThat(office().web().get("bot2", API + "/sessions").ids()).isEmpty();
    // A reviewer sees the session of a review, and no other.
    assertThat(office().web().get("dora", API + "/sessions").ids()).containsExactly(mine);
    assertThat(office().web().get("audrey", API + "/sessions").ids())
        .containsExactly(foreign, mine);
    assertThat(office().web().get("root", API + "/sessions").ids()).containsExactly(foreign, mine);
    assertThat(office().web().get("eve", API + "/sessions/" + mine).response().body())
        .isEqualTo(
            office().web().get("eve", API + "/sessions/s-" + "0".repeat(23)).response().body());
    assertThat(office().web().get("dora", API + "/sessions/" + foreign + "/commands").status())
        .isEqualTo(404);

    assertThat(office().commands("audrey", mine).toString()).contains("secret");
    assertThat(office().commands("dora", mine).toString()).contains("secret");
    var metadata = office().commands("root", mine);
    assertThat(metadata.toString()).doesNotContain("secret").contains("\"verdict\":\"allow\"");
    assertThat(office().web().get("root", API + "/reviews").json().toString())
        .doesNotContain("DROP")
        .contains("pending");
  }

  @Test
  void readingWhatOthersDidIsRecorded() throws Exception {
    var id = office().held();
    var session = office().node().reviews().live().getLast().review().session();
    office().commands("ann", session);
    office().web().get("dora", API + "/reviews/" + id);
    office().web().get("ann", API + "/reviews");
    assertThat(office().reads()).isEmpty();

    office().commands("dora", session);
    assertThat(office().reads()).hasSize(1);
    assertThat(office().reads().getFirst())
        .contains("\"what\":\"commands\"")
        .contains("\"of\":\"" + session + "\"")
        .contains("\"by\":\"dora@example.com\"")
        .doesNotContain("DROP");
    office().web().get("audrey", API + "/reviews/" + id);
    office().web().get("audrey", API + "/reviews");
    assertThat(office().reads()).hasSize(3);
  }

  @Test
  void sessionsAreFilteredAndBadFiltersAreNamed() throws Exception {
    var ann = office().node().open(person("ann")).session().id();
    var zed = office().node().open(person("zed"));
    zed.session().end(new Session.End("left", "done"));
    office().node().sessions().closed(zed.session());
    // What comes after the end and is awaited makes the end durable too.
    office().node().open(person("eve"));
    var id = zed.session().id();
    assertThat(office().web().get("audrey", API + "/sessions?identity=zed").ids())
        .containsExactly(id);
    assertThat(office().web().get("audrey", API + "/sessions?identity=zed@example.com").ids())
        .containsExactly(id);
    assertThat(office().web().get("audrey", API + "/sessions?state=ended").ids())
        .containsExactly(id);
    assertThat(office().web().get("audrey", API + "/sessions?state=open").ids()).contains(ann);
    assertThat(office().web().get("audrey", API + "/sessions?target=other").ids()).isEmpty();
    assertThat(office().web().get("audrey", API + "/sessions?since=2100-01-01T00:00:00Z").ids())
        .isEmpty();
    assertThat(
            office().web().get("audrey", API + "/sessions?until=2100-01-01T00:00:00%2B01:00").ids())
        .hasSize(3);
    for (var bad :
        List.of("stat=open", "state=closed", "since=monday", "limit=0", "cursor=%21", "limit=x")) {
      assertThat(office().web().get("audrey", API + "/sessions?" + bad).status())
          .as(bad)
          .isEqualTo(400);
    }
    assertThat(office().web().get("audrey", API + "/sessions?stat=open").text("detail"))
        .contains("stat");
  }

  @Test
  void killingIsForAdministratorsAndForOnesOwn() throws Exception {
    var client = office().node().open(agent("bot", person("ann")));
    var id = client.session().id();
    var body = "{\"reason\":\"enough\"}";
    assertThat(office().web().post("eve", API + "/sessions/" + id + "/kill", body).status())
        .isEqualTo(404);
    assertThat(office().web().post("audrey", API + "/sessions/" + id + "/kill", body).status())
        .isEqualTo(404);
    assertThat(office().web().post("root", API + "/sessions/" + id + "/kill", body).status())
        .isEqualTo(202);
    assertThat(client.session().ended().orElseThrow().reason()).isEqualTo("killed");
    var own = office().node().open(person("ann"));
    assertThat(
            office()
                .web()
                .post("ann", API + "/sessions/" + own.session().id() + "/kill", "{}")
                .status())
        .isEqualTo(202);
    office().node().sessions().closed(own.session());
    office().node().open(person("eve"));
    assertProblem(
        office().web().post("ann", API + "/sessions/" + own.session().id() + "/kill", "{}"),
        409,
        "urn:chaperone:problem:session-ended");
  }
}
