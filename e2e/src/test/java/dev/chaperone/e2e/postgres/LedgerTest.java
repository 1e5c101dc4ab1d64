package dev.chaperone.e2e.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaperone.journal.JournalSettings;
import dev.chaperone.journal.SegmentedJournal;
import dev.chaperone.testing.LedgerLine;
import dev.chaperone.testing.TestPostgres;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The server's own log as an outside ledger: what it saw, the journal knows. */
@Timeout(300)
final class LedgerTest {
  private static final int ROUNDS = 3;
  private static final int WRITERS = 6;
  private static final int STATEMENTS_BEFORE_KILL = 150;
  private static final Pattern MARKER = Pattern.compile("marker-[0-9]+");

  @Test
  void whatTheServerSawIsInTheJournalAfterEveryKill(@TempDir Path directory) throws Exception {
    try (var postgres = TestPostgres.start()) {
      var database = postgres.createDatabase();
      postgres.run(database, PolicyForTests.SCHEMA);
      int before = postgres.ledger().size();
      var folder = Files.createDirectories(directory.resolve("g"));
      var numbers = new AtomicLong();
      try (var gateway = new Gateway(postgres, database, folder, PolicyForTests.TEXT)) {
        for (int round = 0; round < ROUNDS; round++) {
          killUnderLoad(gateway, numbers);
          gateway.restart();
        }
      }
      var ledger = postgres.ledger();
      var seen = statements(ledger.subList(before, ledger.size()));
      var recorded = recorded(folder.resolve("data").resolve("journal"));
      assertThat(markers(String.join("\n", seen)))
          .as("the load reached the server")
          .hasSizeGreaterThan(ROUNDS * STATEMENTS_BEFORE_KILL / 2);
      assertThat(seen)
          .as("statements that the server saw and the journal does not know")
          .allMatch(text -> recorded.stream().anyMatch(entry -> entry.contains(escaped(text))));
      assertEveryCommandIsClosedOnce(recorded);
    }
  }

  private static void killUnderLoad(Gateway gateway, AtomicLong numbers) throws Exception {
    long until = numbers.get() + STATEMENTS_BEFORE_KILL;
    var writers = new ArrayList<Thread>();
    var token = gateway.agent("bot");
    for (int i = 0; i < WRITERS; i++) {
      boolean simple = i % 2 == 0;
      writers.add(Thread.ofPlatform().start(() -> write(gateway, token, simple, numbers)));
    }
    while (numbers.get() < until) {
      Thread.onSpinWait();
    }
    gateway.kill();
    for (var writer : writers) {
      writer.join();
    }
  }

  /** Writes until the connection breaks. */
  private static void write(Gateway gateway, String token, boolean simple, AtomicLong numbers) {
    try (var connection = gateway.jdbc(token, "preferQueryMode", simple ? "simple" : "extended");
        var statement = connection.createStatement()) {
      while (true) {
        long number = numbers.incrementAndGet();
        statement.execute("INSERT INTO notes VALUES (" + number + ", 'marker-" + number + "')");
      }
    } catch (SQLException e) {
      return; // the gateway was killed
    }
  }

  /** The clients' statements in the server's log: the gateway's own are named and left out. */
  private static List<String> statements(List<LedgerLine> lines) {
    var statements = new ArrayList<String>();
    for (var line : lines) {
      if (!"app".equals(line.user())) {
        continue;
      }
      var text = line.message().replaceFirst("^(statement|execute [^:]*): ", "");
      if (text.equals(line.message())
          || text.startsWith("/* chaperone */ ")
          || text.equals("chaperone_refused")) {
        continue;
      }
      statements.add(text);
    }
    return statements;
  }

  private static List<String> recorded(Path journal) throws Exception {
    var entries = new ArrayList<String>();
    try (var opened = SegmentedJournal.open(journal, JournalSettings.of(origin(journal)))) {
      opened
          .reader()
          .forEach(
              0,
              opened.reader().size(),
              (_, entry) -> entries.add(new String(entry.bytes(), StandardCharsets.UTF_8)));
    }
    return entries;
  }

  private static String origin(Path journal) throws Exception {
    var key = Files.readString(journal.resolve("log").resolve("key.pub")).strip();
    return key.substring(0, key.indexOf('+'));
  }

  private static void assertEveryCommandIsClosedOnce(List<String> entries) {
    var open = new HashSet<String>();
    var ended = new HashSet<String>();
    var command = Pattern.compile("\"command\":\"([^\"]+)\"");
    for (var entry : entries) {
      var matcher = command.matcher(entry);
      if (!matcher.find()) {
        continue;
      }
      if (entry.contains("\"type\":\"decided\"") && entry.contains("\"verdict\":\"allow\"")) {
        open.add(matcher.group(1));
      } else if (entry.contains("\"type\":\"closed\"")
          || entry.contains("\"type\":\"interrupted\"")) {
        assertThat(open.remove(matcher.group(1))).as("closed once: " + entry).isTrue();
        ended.add(matcher.group(1));
      }
    }
    assertThat(open).as("neither closed nor interrupted").isEmpty();
    assertThat(ended).isNotEmpty();
  }

  private static Set<String> markers(String text) {
    var markers = new HashSet<String>();
    var matcher = MARKER.matcher(text);
    while (matcher.find()) {
      markers.add(matcher.group());
    }
    return markers;
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }
}
