package dev.chaperone.control.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chaperone.control.fixture.Mutations;
import dev.chaperone.control.reviews.ReviewFold;
import dev.chaperone.journal.Entry;
import dev.chaperone.journal.EntryVisitor;
import dev.chaperone.journal.JournalReader;
import dev.chaperone.journal.Position;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Entries that are not what they should be are told as damaged, and nothing else happens. */
class ContentReaderFuzzTest {
  private static final long SEED = 20_261_123;
  private static final String TEXT = "DROP TABLE \\\"x\\\" ".repeat(3);

  private static final List<String> VALID =
      List.of(
          part(0, false, TEXT),
          part(1, true, "end"),
          """
          {"v":1,"type":"review.asked","time":"2026-11-23T09:15:02.123456Z","session":"s-1","n":4,\
          "review":"r-1","identity":{"issuer":"corp","subject":"bot","kind":"agent",\
          "onBehalfOf":{"issuer":"corp","subject":"ann","kind":"person"}},"target":"orders",\
          "origin":"127.0.0.1","command":"c-1","asker":"bot","askers":["bot","ann"],\
          "digest":"00","expires":"2026-11-23T10:15:02.123456Z","useWithinMillis":5,\
          "reviewers":["dba"],"rules":[{"name":"drops","reviewers":["dba"],"count":1}],\
          "kind":"statement","text":{"chunks":2,"sha256":"%s"},"parameters":[],\
          "effects":["schema"],"relations":["public.x"],"functions":[]}\
          """
              .formatted(ContentWriter.sha256((TEXT + "end").replace("\\\"", "\""))),
          """
          {"v":1,"type":"review.granted","time":"2026-11-23T09:15:03.123456Z","review":"r-1",\
          "by":"dora","identity":{"issuer":"corp","subject":"dora","kind":"person"},\
          "reason":"ok","rules":["drops"],"complete":true,\
          "useBefore":"2026-11-23T09:20:03.123456Z"}\
          """);

  private static String part(int number, boolean last, String data) {
    return """
    {"v":1,"type":"content","time":"2026-11-23T09:15:02.123456Z","session":"s-1","n":2,\
    "review":"r-1","field":"text","part":%d,"last":%b,"data":"%s"}\
    """
        .formatted(number, last, data);
  }

  /** Entries in memory, so that thousands of damaged ones can be read. */
  private record InMemory(List<Entry> entries) implements JournalReader {
    @Override
    public long size() {
      return entries.size();
    }

    @Override
    public Entry read(long index) {
      return entries.get((int) index);
    }

    @Override
    public <X extends Exception> void forEach(long from, long to, EntryVisitor<X> visitor)
        throws X {
      for (long i = from; i < to; i++) {
        visitor.visit(new Position(i), read(i));
      }
    }

    @Override
    public boolean awaitBeyond(long index, Duration max) {
      return index < size();
    }
  }

  private static JournalReader journal(List<String> entries) {
    return new InMemory(
        entries.stream().map(json -> Entry.of(json.getBytes(StandardCharsets.UTF_8))).toList());
  }

  private static List<Long> all(int count) {
    return LongStream.range(0, count).boxed().toList();
  }

  @Test
  void whatStandsInPartsIsWholeAgain() throws Exception {
    var entries = ContentReader.read(journal(VALID), all(4));
    assertThat(entries).hasSize(2);
    assertThat(EntryJson.text(entries.getFirst(), "text"))
        .isEqualTo((TEXT + "end").replace("\\\"", "\""));
    assertThat(ReviewFold.of(entries).decisions()).hasSize(1);
  }

  @Test
  void aMissingOrSwappedPartIsNoticed() {
    for (var broken : List.of(List.of(1L, 2L), List.of(0L, 2L), List.of(2L))) {
      assertThatThrownBy(() -> ContentReader.read(journal(VALID), broken))
          .as(broken.toString())
          .isInstanceOf(DamagedEntryException.class);
    }
  }

  @Test
  void damagedEntriesAreToldAsDamaged() throws Exception {
    var random = new Random(SEED);
    int damaged = 0;
    for (int round = 0; round < 4_000; round++) {
      var entries = new ArrayList<Entry>();
      for (var valid : VALID) {
        entries.add(Mutations.of(random, valid));
      }
      try {
        var read = ContentReader.read(new InMemory(entries), all(entries.size()));
        ReviewFold.of(read);
      } catch (DamagedEntryException e) {
        damaged++;
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + SEED + ", round " + round, e);
      }
    }
    assertThat(damaged).as("rounds that were noticed").isGreaterThan(200);
  }
}
