package dev.chaperone.control.reviews;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaperone.control.fixture.Node;
import dev.chaperone.control.fixture.People;
import dev.chaperone.control.fixture.Rules;
import dev.chaperone.control.record.EntryJson;
import dev.chaperone.core.identity.Intent;
import dev.chaperone.core.review.Waiting;
import dev.chaperone.journal.Entry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** docs/formats/entries-reviews.md says what is really written. */
class EntriesDocumentTest {
  private static final Path DOCUMENT = Path.of("../docs/formats/entries-reviews.md");

  /** Fields that an entry has only where there is something to say. */
  private static final Set<String> OPTIONAL = Set.of("name", "useBefore", "intent", "onBehalfOf");

  @TempDir Path directory;

  private static Map<String, ObjectNode> documented() throws Exception {
    var examples = new HashMap<String, ObjectNode>();
    for (var line : Files.readAllLines(DOCUMENT)) {
      if (line.startsWith("{\"v\":1")) {
        var entry = EntryJson.parse(Entry.of(line.getBytes(StandardCharsets.UTF_8)));
        examples.put(EntryJson.needText(entry, "type"), entry);
      }
    }
    return examples;
  }

  @Test
  void theExamplesTellAReview() throws Exception {
    var examples = documented();
    var asked = examples.get("review.asked");
    for (var end :
        Map.of(
                "review.granted", ReviewState.GRANTED,
                "review.refused", ReviewState.REFUSED,
                "review.cancelled", ReviewState.CANCELLED,
                "review.expired", ReviewState.EXPIRED,
                "review.used", ReviewState.USED)
            .entrySet()) {
      var review = ReviewFold.of(List.of(asked, examples.get(end.getKey())));
      assertThat(review.state()).isEqualTo(end.getValue());
    }
  }

  @Test
  void everyEntryThatIsWrittenHasTheFieldsThatAreDocumented() throws Exception {
    var examples = documented();
    var seen = new HashSet<String>();
    for (var entry : written()) {
      var type = EntryJson.needText(entry, "type");
      var example = examples.get(type);
      if (example == null || (type.equals("content") && !entry.has("review"))) {
        continue;
      }
      seen.add(type);
      assertThat(required(entry)).as(type).isEqualTo(required(example));
    }
    assertThat(seen)
        .contains(
            "content",
            "review.asked",
            "review.granted",
            "review.refused",
            "review.cancelled",
            "review.used",
            "interrupted");
  }

  private static Set<String> required(ObjectNode entry) {
    var names = new HashSet<>(entry.propertyNames());
    names.removeAll(OPTIONAL);
    // A session that ended by itself also counts the gateway's own traffic.
    names.remove("own");
    return names;
  }

  private List<ObjectNode> written() throws Exception {
    var rules = new Rules(List.of(Rules.rule("drops", 1, "dba")));
    var dora = People.own(People.person("dora", "dba"));
    try (var node = Node.start(directory, rules)) {
      var client = node.open(People.person("ann"), new Intent("x", null, null), false);
      var granted = client.running("DROP TABLE granted" + " ".repeat(20_000));
      node.reviews().grant(client.nextNotice().id(), dora, "yes");
      granted.join();
      var refused = client.running("DROP TABLE refused");
      node.reviews().refuse(client.nextNotice().id(), dora, "no");
      refused.join();
      var cancelled = client.running("DROP TABLE cancelled");
      client.nextNotice();
      client.interrupt(Waiting.Interruption.CANCELLED);
      cancelled.join();
      client.begin("SELECT 1");
    }
    var shortly =
        new Rules(
            List.of(Rules.rule("drops", 1, Duration.ofSeconds(9), Duration.ofMillis(1), "dba")));
    try (var node = Node.start(directory, shortly)) {
      node.open(People.person("ann")).run("DROP TABLE expired");
      return node.entries().stream()
          .map(json -> EntryJson.parse(Entry.of(json.getBytes(StandardCharsets.UTF_8))))
          .toList();
    }
  }
}
