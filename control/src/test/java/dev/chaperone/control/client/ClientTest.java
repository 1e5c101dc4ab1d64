package dev.chaperone.control.client;

import static dev.chaperone.control.fixture.People.agent;
import static dev.chaperone.control.fixture.People.own;
import static dev.chaperone.control.fixture.People.person;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chaperone.control.fixture.Node;
import dev.chaperone.control.fixture.Rules;
import dev.chaperone.control.fixture.Web;
import dev.chaperone.control.record.EntryJson;
import dev.chaperone.core.identity.Intent;
import dev.chaperone.core.session.Session;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientTest {
  @TempDir Path directory;
  private @Nullable Node startedNode;
  private @Nullable Web startedWeb;

  @BeforeEach
  void start() throws Exception {
    var node =
        Node.start(
            directory.resolve("data"),
            new Rules(List.of(Rules.rule("drops", 1, Duration.ZERO, Duration.ofHours(1), "dba"))));
    startedNode = node;
    startedWeb = new Web(node, Files.createDirectory(directory.resolve("tls")));
    node.token("ann", own(person("ann", "staff")));
    node.token("dora", own(person("dora", "dba")));
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

  @Test
  void aReviewIsListedShownAwaitedAndDecided() throws Exception {
    var session =
        node().open(agent("bot", person("ann")), new Intent("clean up", "T-7", null), false);
    session.run("DROP TABLE \u001b[2Jcustomers", "it's\u202e");
    try (var dora = web().client("dora");
        var ann = web().client("ann")) {
      var listing = dora.reviews("pending", 10);
      var id = EntryJson.needText(listing.path("items").path(0), "id");
      assertThat(ReviewText.list(listing))
          .startsWith("REVIEW")
          .contains(id)
          .contains("bot@corp for ann@corp")
          .contains("DROP TABLE ⟨U+001B⟩[2Jcustomers")
          .doesNotContain("\u001b");
      assertThat(ReviewText.show(dora.review(id)))
          .contains("who      bot@corp for ann@corp")
          .contains("says     T-7 · clean up")
          .contains("rule     drops: 0 of 1 from dba (drops need a colleague)")
          .contains("    DROP TABLE ⟨U+001B⟩[2Jcustomers")
          .contains("    $1 = text 'it''s⟨U+202E⟩'");

      assertThat(ReviewText.waitStatus(ann.awaitDecision(id, Duration.ZERO, Duration.ZERO)))
          .isEqualTo(1);
      assertThat(ReviewText.decided(dora.grant(id, "fine")))
          .isEqualTo("review " + id + " is granted\n");
      var awaited = ann.awaitDecision(id, Duration.ofMillis(10), Duration.ofSeconds(10));
      assertThat(ReviewText.waitStatus(awaited)).isZero();
      assertThat(ReviewText.show(awaited)).contains("granted by dora@corp at").contains(": fine");

      assertThatThrownBy(() -> ann.grant(id, "mine"))
          .isInstanceOfSatisfying(
              ApiException.class,
              e -> {
                assertThat(e.status()).isEqualTo(403);
                assertThat(e.type()).isEqualTo("urn:chaperone:problem:asker");
                assertThat(e.getMessage()).contains("whoever asked");
              });
      assertThat(ReviewText.decided(ann.cancel(id, ""))).contains("is cancelled");
    }
  }

  @Test
  void aReplayTellsTheSessionAsItHappened() throws Exception {
    var client = node().open(agent("bot", person("ann")));
    client.run("SELECT id, email FROM customers WHERE id = $1", "1");
    client.run("SELECT * FROM VAULT");
    client.run("DROP TABLE customers");
    var review = node().reviews().live().getFirst().review().id();
    client.session().end(new Session.End("left", "the client said goodbye"));
    node().sessions().closed(client.session());
    node().open(person("ann")); // awaited, so that what comes before it is durable
    try (var ann = web().client("ann")) {
      var id = client.session().id();
      assertThat(SessionText.list(ann.sessions(Map.of("state", "ended"), 10)))
          .contains(id)
          .contains("bot@corp for ann@corp");
      var replay = Replay.text(ann.session(id), ann.commands(id, 100));
      assertThat(replay.lines().map(line -> line.replaceAll("[0-9.:]+(?= +bot)|[0-9.]+ ms", "#")))
          .containsSubsequence(
              "session   " + id,
              "#  bot@corp for ann@corp",
              "    SELECT id, email FROM customers WHERE id = $1",
              "    $1 = text '1'",
              "  allowed by rest",
              "  completed, 1 rows, 0 bytes, #",
              "    | id  email",
              "    | 1   NULL",
              "    SELECT * FROM VAULT",
              "  denied by vault, denied: not through here",
              "  did not run",
              "    DROP TABLE customers",
              "  denied by drops, review " + review + ", pending: drops need a colleague",
              "  did not run");
      assertThat(replay).contains("left: the client said goodbye");
    }
  }

  @Test
  void listingsFollowTheirPages() throws Exception {
    for (int i = 0; i < 7; i++) {
      node().open(person("ann"));
    }
    try (var ann = web().client("ann")) {
      assertThat(ann.sessions(Map.of(), 1_000).path("items").size()).isEqualTo(7);
      var some = ann.sessions(Map.of(), 3);
      assertThat(some.path("items").size()).isEqualTo(3);
      assertThat(SessionText.list(some)).endsWith("(there are more)\n");
      var session = node().open(person("ann"));
      for (int i = 0; i < 205; i++) {
        session.begin("SELECT " + i);
      }
      node().open(person("ann")); // awaited, so that what comes before it is durable
      assertThat(ann.commands(session.session().id(), 1_000).path("items").size()).isEqualTo(205);
    }
  }

  @Test
  void anUntrustedServerAWrongAddressAndABadTokenAreSaidInOneLine() throws Exception {
    try (var stranger = new ApiClient(web().address(), Authorities.of(null), () -> "ann")) {
      assertThatThrownBy(stranger::whoami)
          .isInstanceOf(ApiException.class)
          .hasMessageStartingWith("cannot reach https://localhost");
    }
    assertThatThrownBy(() ->
            new ApiClient(URI.create("http://localhost:1"), Authorities.of(null), () -> "ann"))
        .isInstanceOf(IllegalArgumentException.class);
    try (var nobody = web().client("forged")) {
      assertThatThrownBy(nobody::whoami)
          .hasMessage("the token proves nothing")
          .message()
          .doesNotContain("forged");
    }
    try (var ann = web().client("ann")) {
      assertThatThrownBy(() -> ann.review("r-../../x"))
          .isInstanceOf(IllegalArgumentException.class);
    }
    var missing = directory.resolve("missing.pem");
    assertThatThrownBy(() -> Authorities.of(missing)).hasMessageContaining("missing.pem");
  }
}
