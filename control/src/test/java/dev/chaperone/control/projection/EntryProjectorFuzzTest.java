package dev.chaperone.control.projection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaperone.control.fixture.Mutations;
import dev.chaperone.control.fixture.Node;
import dev.chaperone.control.fixture.People;
import dev.chaperone.control.fixture.Rules;
import dev.chaperone.control.record.DamagedEntryException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EntryProjectorFuzzTest {
  private static final long SEED = 7;

  @TempDir Path directory;

  @Test
  void anEntryThatIsDamagedIsSaidToBeAndNothingElseHappens() throws Exception {
    var entries = real();
    var random = new Random(SEED);
    int damaged = 0;
    try (var database = Database.write(directory.resolve("fuzz.sqlite3"))) {
      Schema.create(database);
      var projector = new EntryProjector(database);
      for (int round = 0; round < 3_000; round++) {
        var valid = entries.get(random.nextInt(entries.size()));
        try {
          projector.apply(round, Mutations.of(random, valid));
          projector.finish();
        } catch (DamagedEntryException | SQLException e) {
          damaged++; // the batch is rolled back, and the failure told
        } catch (RuntimeException e) {
          throw new AssertionError("seed " + SEED + ", round " + round, e);
        }
      }
    }
    assertThat(damaged).isPositive();
  }

  /** One of each entry that a session, a review and a recovery leave. */
  private List<String> real() throws Exception {
    var rules =
        new Rules(List.of(Rules.rule("drops", 1, Duration.ZERO, Duration.ofHours(1), "dba")));
    var data = directory.resolve("data");
    try (var node = Node.start(data, rules)) {
      var client = node.open(People.agent("bot", People.person("ann")));
      client.run("SELECT 1");
      client.run("DROP TABLE customers");
      var id = node.reviews().live().getFirst().review().id();
      node.reviews().grant(id, People.own(People.person("dora", "dba")), "");
      client.run("DROP TABLE customers");
      client.begin("SELECT 2");
    }
    try (var node = Node.start(data, rules)) {
      return node.entries();
    }
  }
}
