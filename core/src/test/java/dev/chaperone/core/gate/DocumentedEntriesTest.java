package dev.chaperone.core.gate;

import static dev.chaperone.core.gate.Asked.frames;
import static dev.chaperone.core.gate.Asked.select;
import static dev.chaperone.core.gate.Asked.waiting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chaperone.core.command.Command;
import dev.chaperone.core.command.Effect;
import dev.chaperone.core.scene.Scene;
import dev.chaperone.core.session.SessionRefusedException;
import dev.chaperone.core.session.Sessions;
import dev.chaperone.core.snapshot.Snapshot.SessionLimits;
import dev.chaperone.journal.Entry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The examples of docs/formats/entries.md are what the gate and sessions write. */
class DocumentedEntriesTest {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String POLICY =
      """
      rules:
        - {name: reads, when: 'true', then: allow}
        - {name: deletes, when: "'delete' in command.effects", then: hold,
           reviewers: {groups: [dba]}}
      masks:
        - {name: cards, target: orders, columns: [public.orders.card], with: redact}
      """;

  @Test
  void everyExampleIsAnEntryThatIsReallyWritten(@TempDir Path directory) throws Exception {
    var document = Files.readString(Path.of("..", "docs", "formats", "entries.md"));
    var examples = Pattern.compile("(?m)^\\{\"v\":1.*}$").matcher(document).results().toList();
    List<String> written;
    try (var scene = Scene.of(directory, POLICY)) {
      play(scene);
      written = scene.lines();
      Files.write(Path.of("target", "entries.jsonl"), written);
    }
    var shapes = written.stream().map(line -> shape("", JSON.readTree(line))).toList();
    var documented = new TreeSet<String>();
    for (var example : examples) {
      Entry.of(example.group().getBytes(StandardCharsets.UTF_8));
      var entry = JSON.readTree(example.group());
      documented.add(entry.path("type").stringValue());
      assertThat(shapes).as("%s", example.group()).contains(shape("", entry));
    }
    var types = written.stream().map(line -> JSON.readTree(line).path("type").stringValue());
    assertThat(documented).containsAll(types.toList());
  }

  private static void play(Scene scene) throws Exception {
    scene
        .sessions()
        .recordFailedSignIn(
            new Sessions.FailedSignIn(
                "postgres", "10.1.2.3", "corp", "orders", "the token has expired", 0));
    var session = scene.open();
    scene.limits(
        new SessionLimits(Duration.ofHours(1), false, Duration.ofHours(1), 1, 9, Duration.ZERO));
    assertThatThrownBy(() -> scene.sessions().open(session.opening()))
        .isInstanceOf(SessionRefusedException.class);
    scene.policy(POLICY);
    session.countOwn("sync");
    var deciders =
        new Deciders()
            .thenGrant()
            .then(_ ->
                new dev.chaperone.core.review.Approvals.Decision.Refused(
                    Deciders.REVIEW, "dora", "not today"));
    var gate = new Gate(session, scene.snapshots(), deciders, scene.clock());
    gate.prepare(select("SELECT * FROM orders WHERE id = $1"), "st1", frames("x"));
    var run =
        (Run) ((Gate.Permit) gate.admit(select("SELECT 1"), frames("x"), waiting())).admitted();
    run.keepOutput("[\"7\",\"redacted\"]");
    run.countRow();
    run.maskedColumn("public.orders.card");
    gate.clear(run, frames("a row"));
    gate.close(run, Outcome.of(Outcome.How.COMPLETED));
    var loading = (Run) ((Gate.Permit) gate.admit(copy(), frames("x"), waiting())).admitted();
    gate.input(loading, frames("x"), frames("7\tx\n"));
    gate.close(loading, Outcome.of(Outcome.How.COMPLETED));
    gate.clearNotification("jobs", "42", frames("x"));
    var failing = (Run) ((Gate.Permit) gate.admit(delete(), frames("x"), waiting())).admitted();
    gate.close(failing, Outcome.failed("23503", "violates a foreign key"));
    gate.admit(delete(), frames("x"), waiting());
    gate.admit(new Command.Unreadable("SELEC", "syntax error at SELEC"), frames("x"), waiting());
    gate.prepare(select("SELECT '" + "x".repeat(50_000) + "'"), "", frames("x"));
    scene.sessions().kill(session.id(), "root@corp", "ticket T-9");
    scene.sessions().closed(session);
  }

  private static Command copy() {
    return new Command.Statement(
        "COPY orders FROM STDIN",
        List.of(),
        Set.of(Effect.WRITE),
        new TreeSet<>(Set.of("public.orders")),
        new TreeSet<>(),
        "orders",
        new TreeMap<>(),
        false);
  }

  private static Command delete() {
    var settings = new TreeMap<String, String>();
    settings.put("search_path", "shop, public");
    return new Command.Statement(
        "DELETE FROM orders WHERE id = $1",
        List.of(Asked.text("7")),
        Set.of(Effect.DELETE),
        new TreeSet<>(Set.of("public.orders")),
        new TreeSet<>(),
        "orders",
        settings,
        false);
  }

  /** Names and kinds of all fields, in their order; the type's own word too. */
  private static List<String> shape(String path, JsonNode node) {
    var shape = new ArrayList<String>();
    for (var field : node.properties()) {
      var value = field.getValue();
      var name = path + "/" + field.getKey();
      shape.add(name + " " + value.getNodeType());
      if (value.isObject()) {
        shape.addAll(shape(name, value));
      } else if (value.isArray()) {
        value.forEach(item -> shape.addAll(shape(name, item)));
      }
    }
    if (path.isEmpty()) {
      shape.add(node.path("type").stringValue());
    }
    return shape;
  }
}
