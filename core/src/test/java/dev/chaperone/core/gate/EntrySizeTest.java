package dev.chaperone.core.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaperone.core.command.Command;
import dev.chaperone.core.command.Effect;
import dev.chaperone.core.command.Parameter;
import dev.chaperone.core.identity.Identity;
import dev.chaperone.core.identity.Intent;
import dev.chaperone.core.masking.Masking;
import dev.chaperone.core.review.Approvals;
import dev.chaperone.core.review.CommandDigest;
import dev.chaperone.core.scene.Scene;
import dev.chaperone.core.target.Target;
import dev.chaperone.journal.Entry;
import dev.chaperone.wire.Frames;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** No content makes an entry too long, and none of it is lost where it is kept in parts. */
@Timeout(120)
class EntrySizeTest {
  private static final Target.Recording KEEPS_ALL = new Target.Recording(1 << 30, 1 << 30, false);

  private final Scene scene;

  EntrySizeTest(@TempDir Path directory) throws Exception {
    this.scene = Scene.of(directory, Scene.ALLOW_ALL);
  }

  @AfterEach
  void close() {
    scene.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "\u0001", "\"", "/", "ü", "€", "😀", "\ud800"})
  void everyEntryOfTheWorstCommandFits(String unit) throws Exception {
    var opening = Scene.opening(worstIdentity(unit), worstIntent(unit), scene.target());
    var session = scene.sessions().open(opening);
    var entries = new CommandEntries(session);
    for (int length : new int[] {300, 1_500, 3_000, 5_000, 12_000, 70_000}) {
      var text = unit.repeat(length);
      var names = names(unit, length);
      var command =
          new Command.Statement(
              text,
              List.of(new Parameter("text", false, null, text)),
              Set.of(Effect.values()),
              names,
              names,
              text,
              new TreeMap<>(Map.of("search_path", text)),
              true);
      var rules = List.copyOf(names);
      entries.prepared("c", text, command);
      entries.held("c", command, CommandDigest.of(session, command), rules);
      entries.allowed("c", command, rules, rules, new Approvals.Reference("r-1", "x"));
      entries.refused(
          command, new Passage.Refusal("c", Passage.Reason.REFUSED, rules, text, Deciders.REVIEW));
      entries.refused(
          new Command.Unreadable(text, text),
          new Passage.Refusal("c", Passage.Reason.UNREADABLE, rules, text, Deciders.REVIEW));
      entries.notified(text, text);
      var run =
          new Run("c", command, Masking.NONE, rules, scene.journal().append(any()), KEEPS_ALL);
      run.keepOutput(text);
      run.takes(Frames.of(text.getBytes(StandardCharsets.UTF_8)));
      names.forEach(run::maskedColumn);
      entries.closed(run, Outcome.failed(text, text));
    }
    scene.sessions().kill(session.id(), unit.repeat(70_000), unit.repeat(70_000));
    scene.sessions().closed(session);
    assertThat(scene.lines())
        .allSatisfy(line ->
            assertThat(line.getBytes(StandardCharsets.UTF_8).length)
                .isLessThanOrEqualTo(Entry.MAX_BYTES));
    assertThat(scene.entries("session.ended")).hasSize(1);
  }

  @Test
  void longContentIsPutBackTogetherFromItsParts() throws Exception {
    var session = scene.open();
    var entries = new CommandEntries(session);
    // An odd beginning shifts every pair, so that a cut in the middle of one would show.
    var text = "x" + "😀".repeat(40_000);
    var names = names("n", 90_000);
    var settings = new TreeMap<>(Map.of("search_path", "s\n\"".repeat(20_000)));
    var parameters = List.of(Asked.text(null), Asked.text("\u0001😀".repeat(10_000)));
    var command =
        new Command.Statement(
            text, parameters, Set.of(Effect.READ), names, names, "orders", settings, false);
    entries.prepared("c-1", "", command);
    var json = JsonMapper.shared();
    assertThat(whole("text")).isEqualTo(text);
    assertThat(whole("relations")).isEqualTo(String.join("\n", names));
    assertThat(whole("functions")).isEqualTo(String.join("\n", names));
    assertThat(json.readTree(whole("settings")).path("search_path").stringValue())
        .isEqualTo(settings.get("search_path"));
    var lines = whole("parameters").split("\n", -1);
    assertThat(json.readTree(lines[0]).path("value").isNull()).isTrue();
    assertThat(json.readTree(lines[1]).path("value").stringValue())
        .isEqualTo(parameters.get(1).value());
  }

  @Test
  void shortContentStandsInTheEntryItself() throws Exception {
    new CommandEntries(scene.open()).prepared("c-1", "", Asked.select("SELECT '😀'"));
    assertThat(scene.entries("content")).isEmpty();
    var prepared = scene.entries("prepared").getFirst();
    assertThat(prepared.path("text").stringValue()).isEqualTo("SELECT '😀'");
    assertThat(prepared.path("parameters").path(0).path("value").stringValue()).isEqualTo("7");
  }

  @Test
  void whatIsLeftOutOfAListIsCounted() throws Exception {
    var rules = List.copyOf(names("rule", 20_000));
    new CommandEntries(scene.open())
        .allowed("c-1", Asked.select("SELECT 1"), rules, List.of(), null);
    var decided = scene.entries("decided").getFirst();
    assertThat(decided.path("rules").size()).isPositive();
    assertThat(decided.path("rules").size() + decided.path("rulesLeftOut").intValue())
        .isEqualTo(rules.size());
  }

  @Test
  void anyCommandIsRecordedWhateverItIsMadeOf() throws Exception {
    long seed = System.nanoTime();
    var random = new Random(seed);
    var session = scene.open();
    var entries = new CommandEntries(session);
    for (int i = 0; i < 300; i++) {
      var settings = new TreeMap<String, String>();
      settings.put("a." + random.nextInt(9), noise(random));
      var command =
          new Command.Statement(
              noise(random),
              List.of(Asked.text(noise(random))),
              Set.of(Effect.READ),
              new TreeSet<>(Set.of(noise(random))),
              new TreeSet<>(),
              noise(random),
              settings,
              false);
      assertThat(entries.prepared("c-" + i, noise(random), command))
          .as("seed %d", seed)
          .isNotNull();
    }
    for (var prepared : scene.entries("prepared")) {
      assertThat(prepared.path("text").isString() || prepared.path("text").has("sha256"))
          .as("seed %d", seed)
          .isTrue();
    }
  }

  private String whole(String field) throws Exception {
    var text = new StringBuilder();
    var last = new ArrayList<Boolean>();
    for (JsonNode part : scene.entries("content")) {
      if (part.path("field").stringValue().equals(field)) {
        assertThat(part.path("part").intValue()).isEqualTo(last.size());
        last.add(part.path("last").booleanValue());
        text.append(part.path("data").stringValue());
      }
    }
    var named = scene.entries("prepared").getLast().path(field);
    assertThat(named.path("chunks").intValue()).isEqualTo(last.size());
    assertThat(last.indexOf(true)).as("the last part alone").isEqualTo(last.size() - 1);
    assertThat(named.path("sha256").stringValue()).isEqualTo(sha256(text.toString()));
    return text.toString();
  }

  private static String noise(Random random) {
    var text = new StringBuilder();
    int length = 1 + (int) Math.pow(10, 4.3 * random.nextDouble());
    int kind = random.nextInt(4);
    for (int i = 0; i < length; i++) {
      text.append(
          (char) (kind == 0 ? random.nextInt(0x20) : random.nextInt(kind == 1 ? 0x80 : 0x10000)));
    }
    return text.toString();
  }

  private static SortedSet<String> names(String unit, int length) {
    var names = new TreeSet<String>();
    for (int i = 0; i * 20 < length; i++) {
      names.add(unit.repeat(18 / unit.length()) + i);
    }
    names.add(unit.repeat(length));
    return names;
  }

  private static Intent worstIntent(String unit) {
    var text = unit.repeat(Intent.MAX_CHARACTERS);
    return new Intent(text, text, text);
  }

  private static Identity worstIdentity(String unit) {
    Identity identity = null;
    for (int i = 0; i < 3; i++) {
      var text = unit.repeat(20_000);
      var groups = Collections.nCopies(2_000, unit.repeat(30));
      var template = Scene.person().credential();
      var credential =
          new Identity.Credential(
              text, template.digest(), template.issued(), template.expires(), template.issued());
      identity =
          new Identity(
              text,
              text,
              Identity.Kind.AGENT,
              text,
              text,
              groups,
              Map.of(),
              text,
              identity,
              credential);
    }
    return java.util.Objects.requireNonNull(identity);
  }

  private Entry any() {
    return Entry.of("test", scene.clock().instant(), _ -> {});
  }

  private static String sha256(String text) throws Exception {
    var digest = MessageDigest.getInstance("SHA-256");
    return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
  }
}
