package dev.chaperone.control.projection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaperone.control.fixture.Node;
import dev.chaperone.journal.Entry;
import dev.chaperone.journal.Fields;
import dev.chaperone.journal.Journal;
import dev.chaperone.journal.JournalSettings;
import dev.chaperone.journal.JournalUnavailableException;
import dev.chaperone.journal.SegmentedJournal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProjectionKillTest {
  private static final long SEED = 20_261_123;

  @TempDir Path directory;

  /** What the killed process does: projects the journal while it grows. */
  static final class Child {
    private Child() {}

    public static void main(String[] arguments) throws Exception {
      var directory = Path.of(arguments[0]);
      try (var journal =
              SegmentedJournal.open(directory.resolve("journal"), JournalSettings.of(Node.ORIGIN));
          var projection =
              Projection.open(directory.resolve("state.sqlite3"), journal.reader(), Node.ORIGIN)) {
        projection.start();
        for (int session = 0; session < 1_000_000; session++) {
          write(journal, arguments[1] + session);
          if (session == 30) {
            projection.awaitCurrent(Duration.ofSeconds(30));
            System.out.println("started");
          }
        }
      }
    }

    /** A dozen entries; the last is awaited, so that the projection keeps up in between. */
    private static void write(Journal journal, String name) throws JournalUnavailableException {
      var session = "s-" + name;
      enqueue(
          journal,
          "session.opened",
          fields -> {
            fields.put("session", session).put("n", 1);
            fields.object(
                "identity",
                it ->
                    it.put("issuer", "corp")
                        .put("subject", "ann")
                        .put("kind", "person")
                        .put("person", "ann@example.com"));
            fields.put("target", "orders").put("origin", "127.0.0.1");
          });
      for (int i = 0; i < 5; i++) {
        var command = "c-" + name + "-" + i;
        int n = 2 + 2 * i;
        enqueue(
            journal,
            "decided",
            fields ->
                fields
                    .put("session", session)
                    .put("n", n)
                    .put("command", command)
                    .put("verdict", "allow"));
        enqueue(
            journal,
            "closed",
            fields -> fields.put("session", session).put("n", n + 1).put("command", command));
      }
      journal.append(Entry.of("own", Instant.now(), fields -> fields.put("kind", "none")));
    }

    private static void enqueue(Journal journal, String type, Consumer<Fields> content)
        throws JournalUnavailableException {
      journal.enqueue(Entry.of(type, Instant.now(), content));
    }
  }

  @Test
  void killedAtAnyMomentItIsLikeMadeAnew() throws Exception {
    var random = new Random(SEED);
    for (int round = 0; round < 2; round++) {
      killAfter(random.nextInt(500), "r" + round + "x");
      compare("seed " + SEED + ", round " + round);
    }
  }

  private void killAfter(long millis, String name) throws IOException, InterruptedException {
    var child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                directory.toString(),
                name)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (var out = child.inputReader()) {
      assertThat(out.readLine()).isEqualTo("started");
      boolean ended = child.waitFor(millis, TimeUnit.MILLISECONDS);
      assertThat(ended).isFalse();
    } finally {
      child.destroyForcibly().waitFor();
    }
  }

  private void compare(String when) throws Exception {
    try (var journal =
        SegmentedJournal.open(directory.resolve("journal"), JournalSettings.of(Node.ORIGIN))) {
      var survived = directory.resolve("state.sqlite3");
      long kept;
      try (var projection = Projection.open(survived, journal.reader(), Node.ORIGIN)) {
        kept = projection.applied();
        projection.catchUp();
      }
      var fresh = directory.resolve("fresh-" + kept + ".sqlite3");
      try (var projection = Projection.open(fresh, journal.reader(), Node.ORIGIN)) {
        projection.catchUp();
      }
      assertThat(kept).as(when + ": something had been projected").isPositive();
      assertThat(Dump.of(survived)).as(when).isEqualTo(Dump.of(fresh));
    }
  }
}
