package dev.chaperone.control.projection;

import static dev.chaperone.control.fixture.People.agent;
import static dev.chaperone.control.fixture.People.own;
import static dev.chaperone.control.fixture.People.person;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chaperone.control.fixture.Node;
import dev.chaperone.control.fixture.Rules;
import dev.chaperone.control.record.EntryJson;
import dev.chaperone.core.session.Session;
import dev.chaperone.journal.verify.Verification;
import dev.chaperone.journal.verify.Verifier;
import dev.chaperone.testing.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProjectionTest {
  private static final Lookups.Sight ALL = new Lookups.Sight(true, Set.of(), Set.of());

  @TempDir Path directory;

  private Node start() throws Exception {
    return Node.start(
        directory,
        new Rules(List.of(Rules.rule("drops", 1, Duration.ZERO, Duration.ofHours(1), "dba"))));
  }

  /** Two sessions with everything that leaves entries; one of them ends. */
  private static void work(Node node) throws Exception {
    var ann = node.open(agent("bot", person("ann")));
    ann.run("SELECT 1");
    ann.run("SELECT $1", "x".repeat(30_000));
    ann.run("SELECT * FROM VAULT");
    ann.run("DROP TABLE customers");
    var id = node.reviews().live().getFirst().review().id();
    node.reviews().grant(id, own(person("dora", "dba")), "");
    ann.run("DROP TABLE customers");
    ann.session().end(new Session.End("left", "done"));
    node.sessions().closed(ann.session());
    var bob = node.open(person("bob"));
    bob.run("SELECT 2");
    bob.run("DROP TABLE orders");
  }

  private List<String> rebuilt(Node node, String name) throws Exception {
    var file = directory.resolve(name);
    try (var fresh = Projection.open(file, node.journal().reader(), Node.ORIGIN)) {
      fresh.catchUp();
    }
    return Dump.of(file);
  }

  @Test
  void followingAndRebuildingComeToTheSame() throws Exception {
    try (var node = start()) {
      work(node);
      node.open(person("bob"));
      node.settle();
      assertThat(Dump.of(node.stateFile())).isEqualTo(rebuilt(node, "fresh.sqlite3"));
    }
  }

  @Test
  void whatIsSensitiveIsNotStoredTwice() throws Exception {
    try (var node = start()) {
      work(node);
      node.open(person("bob"));
      node.settle();
      var all = String.join("\n", Dump.of(node.stateFile()));
      assertThat(all).doesNotContain("SELECT").doesNotContain("customers").doesNotContain("xxx");
    }
  }

  @Test
  void aMissingForeignDamagedOrOtherVersionFileIsMadeAgain() throws Exception {
    try (var node = start()) {
      work(node);
      node.open(person("bob"));
      node.settle();
      var expected = rebuilt(node, "fresh.sqlite3");
      var reader = node.journal().reader();

      var damaged = directory.resolve("damaged.sqlite3");
      Files.writeString(damaged, "this is no database, only a text that is long enough".repeat(99));
      var foreign = directory.resolve("foreign.sqlite3");
      Projection.open(foreign, reader, "other/log").close();
      var older = directory.resolve("older.sqlite3");
      try (var projection = Projection.open(older, reader, Node.ORIGIN)) {
        projection.catchUp();
      }
      try (var database = Database.write(older)) {
        database.change("UPDATE meta SET value = '0' WHERE key = 'version'");
        database.change("DELETE FROM commands");
      }
      var ahead = directory.resolve("ahead.sqlite3");
      Projection.open(ahead, reader, Node.ORIGIN).close();
      try (var database = Database.write(ahead)) {
        database.change("UPDATE meta SET value = '999999' WHERE key = 'applied'");
      }

      for (var file : List.of(damaged, foreign, older, ahead)) {
        try (var projection = Projection.open(file, reader, Node.ORIGIN)) {
          projection.catchUp();
        }
        assertThat(Dump.of(file)).as(file.toString()).isEqualTo(expected);
      }
    }
  }

  @Test
  void aKilledGatewaysCommandsAreInterruptedAndItsSessionsEnd() throws Exception {
    String session;
    try (var node = start()) {
      var ann = node.open(agent("bot", person("ann")));
      session = ann.session().id();
      ann.run("SELECT 1");
      ann.begin("SELECT 2");
      ann.begin("SELECT 3");
    }
    try (var node = start()) {
      assertThat(node.recovered()).isEqualTo(new Recovery.Recovered(1, 2));
      var ofSession =
          node.entries().stream()
              .map(EntryJson::parse)
              .filter(entry -> session.equals(EntryJson.text(entry, "session")))
              .toList();
      for (int i = 0; i < ofSession.size(); i++) {
        assertThat(EntryJson.number(ofSession.get(i), "n", 0)).isEqualTo(i + 1L);
      }
      var last = ofSession.subList(ofSession.size() - 3, ofSession.size());
      assertThat(last)
          .extracting(entry -> EntryJson.text(entry, "type"))
          .containsExactly("interrupted", "interrupted", "session.ended");
      assertThat(EntryJson.text(last.getLast(), "reason")).isEqualTo("interrupted");
      assertThat(EntryJson.text(last.getFirst().path("identity").path("onBehalfOf"), "subject"))
          .isEqualTo("ann");
    }
    try (var node = start()) {
      assertThat(node.recovered()).isEqualTo(new Recovery.Recovered(0, 0));
      assertThat(node.projection().lookups().openSessions(10)).isEmpty();
    }
  }

  @Test
  void whatReviewsAndRecoveryWriteVerifies() throws Exception {
    try (var node = start()) {
      work(node);
      node.open(person("zed")).begin("SELECT 1");
    }
    start().close();
    var result = Verifier.verify(directory.resolve("journal"), Optional.empty(), Optional.empty());
    assertThat(result).isInstanceOf(Verification.Sound.class);
  }

  @Test
  void aStateFileThatFailsStopsNoCommandAndSaysSo() throws Exception {
    try (var node = start()) {
      var ann = node.open(person("ann"));
      node.settle();
      try (var database = Database.write(node.stateFile())) {
        database.script("ALTER TABLE commands RENAME TO gone");
      }
      ann.run("SELECT 1");
      Await.until("the failure is told", () -> node.projection().failure().isPresent());
      assertThat(node.projection().failure().orElseThrow()).contains("at entry");
      assertThatThrownBy(() -> node.projection().awaitCurrent(Duration.ofMillis(10)))
          .isInstanceOf(ProjectionUnavailableException.class);
      ann.run("SELECT 2");
      ann.run("DROP TABLE customers");
      var id = node.reviews().live().getFirst().review().id();
      node.reviews().grant(id, own(person("dora", "dba")), "");
      ann.run("DROP TABLE customers");
      assertThat(node.journal().failure()).isEmpty();

      try (var database = Database.write(node.stateFile())) {
        database.script("ALTER TABLE gone RENAME TO commands");
      }
      Await.until("it is well again", () -> node.projection().failure().isEmpty());
      node.settle();
      assertThat(Dump.of(node.stateFile())).isEqualTo(rebuilt(node, "fresh.sqlite3"));
    }
  }

  @Test
  void sightNeedsEveryPersonBehindTheViewer() throws Exception {
    try (var node = start()) {
      var alone = node.open(person("ann")).session().id();
      var delegated = node.open(agent("bot", person("ann"))).session().id();
      node.settle();
      var lookups = node.projection().lookups();
      assertThat(seen(lookups, Set.of("ann@example.com"))).containsExactly(delegated, alone);
      assertThat(seen(lookups, Set.of("ann@example.com", "bot@example.com")))
          .containsExactly(delegated);
      assertThat(seen(lookups, Set.of("eve@example.com"))).isEmpty();
      assertThat(seen(lookups, Set.of())).isEmpty();
      assertThat(lookups.sessions(filter(), ALL)).hasSize(2);
    }
  }

  private static List<String> seen(Lookups lookups, Set<String> people) throws Exception {
    return lookups.sessions(filter(), new Lookups.Sight(false, people, Set.of())).stream()
        .map(Lookups.SessionRow::id)
        .toList();
  }

  private static Lookups.SessionFilter filter() {
    return new Lookups.SessionFilter(null, null, null, null, null, Long.MAX_VALUE, 100);
  }
}
