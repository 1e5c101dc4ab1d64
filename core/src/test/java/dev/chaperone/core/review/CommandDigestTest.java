package dev.chaperone.core.review;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaperone.core.command.Bytes;
import dev.chaperone.core.command.Command;
import dev.chaperone.core.command.Effect;
import dev.chaperone.core.command.Parameter;
import dev.chaperone.core.identity.Identity;
import dev.chaperone.core.identity.Intent;
import dev.chaperone.core.scene.Scene;
import dev.chaperone.core.session.Session;
import dev.chaperone.core.target.Target;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandDigestTest {
  private final Scene scene;

  CommandDigestTest(@TempDir Path directory) throws Exception {
    this.scene = Scene.of(directory, Scene.ALLOW_ALL);
  }

  @AfterEach
  void close() {
    scene.close();
  }

  /** All that a digest is of; each field can be changed alone. */
  private record Parts(
      String protocol,
      String target,
      String host,
      int port,
      String database,
      String login,
      Identity identity,
      String text,
      List<Parameter> parameters,
      Map<String, String> settings) {}

  private static Parts example() {
    return new Parts(
        "postgres",
        "orders",
        "db.internal",
        5432,
        "orders",
        "app",
        Scene.agent(),
        "DELETE FROM cart WHERE id = $1",
        List.of(parameter("int4", true, "0000002a"), parameter("text", false, null)),
        Map.of("search_path", "shop, public", "role", "app"));
  }

  @Test
  void theDocumentedExampleHasItsDigest() throws Exception {
    var document = Files.readString(Path.of("..", "docs", "formats", "grant-digest.md"));
    var parts = example();
    var digest = digest(parts, Intent.NONE);
    assertThat(digest).isEqualTo(HexFormat.of().formatHex(sha256(canonical())));
    assertThat(document).contains(digest);
    var hex = new StringBuilder();
    var block = Pattern.compile("```hex\n(.*?)```", Pattern.DOTALL).matcher(document);
    assertThat(block.find()).isTrue();
    block.group(1).lines().forEach(line -> hex.append(line.replaceAll("#.*|\\s", "")));
    assertThat(HexFormat.of().parseHex(hex)).isEqualTo(canonical());
  }

  /** The example by the document's own words, with nothing of the code that is tested. */
  private static byte[] canonical() {
    var out = ByteBuffer.allocate(1_000);
    for (var text :
        List.of("chaperone/grant/v1", "postgres", "orders", "db.internal:5432", "orders", "app")) {
      text(out, text);
    }
    out.put((byte) 1);
    text(out, "corp");
    text(out, "bot");
    out.put((byte) 1);
    text(out, "corp");
    text(out, "ada");
    out.put((byte) 0);
    text(out, "statement");
    text(out, "DELETE FROM cart WHERE id = $1");
    out.putInt(2);
    text(out, "int4");
    out.put((byte) 1).putInt(4).putInt(42);
    text(out, "text");
    out.put((byte) 0).putInt(-1);
    out.putInt(2);
    text(out, "role");
    text(out, "app");
    text(out, "search_path");
    text(out, "shop, public");
    var bytes = new byte[out.position()];
    out.flip().get(bytes);
    return bytes;
  }

  private static void text(ByteBuffer out, String text) {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    out.putInt(bytes.length).put(bytes);
  }

  @Test
  void everythingThatChangesWhatRunsChangesTheDigest() throws Exception {
    var changes = new LinkedHashMap<String, UnaryOperator<Parts>>();
    changes.put(
        "protocol",
        p ->
            new Parts(
                "mysql",
                p.target,
                p.host,
                p.port,
                p.database,
                p.login,
                p.identity,
                p.text,
                p.parameters,
                p.settings));
    changes.put(
        "target",
        p ->
            new Parts(
                p.protocol,
                "other",
                p.host,
                p.port,
                p.database,
                p.login,
                p.identity,
                p.text,
                p.parameters,
                p.settings));
    changes.put(
        "host",
        p ->
            new Parts(
                p.protocol,
                p.target,
                "db2",
                p.port,
                p.database,
                p.login,
                p.identity,
                p.text,
                p.parameters,
                p.settings));
    changes.put(
        "port",
        p ->
            new Parts(
                p.protocol,
                p.target,
                p.host,
                5433,
                p.database,
                p.login,
                p.identity,
                p.text,
                p.parameters,
                p.settings));
    changes.put(
        "database",
        p ->
            new Parts(
                p.protocol,
                p.target,
                p.host,
                p.port,
                "other",
                p.login,
                p.identity,
                p.text,
                p.parameters,
                p.settings));
    changes.put(
        "login",
        p ->
            new Parts(
                p.protocol,
                p.target,
                p.host,
                p.port,
                p.database,
                "admin",
                p.identity,
                p.text,
                p.parameters,
                p.settings));
    for (var identity : otherIdentities().entrySet()) {
      changes.put(
          identity.getKey(),
          p ->
              new Parts(
                  p.protocol,
                  p.target,
                  p.host,
                  p.port,
                  p.database,
                  p.login,
                  identity.getValue(),
                  p.text,
                  p.parameters,
                  p.settings));
    }
    changes.put("text", p -> with(p, p.text + " ", p.parameters, p.settings));
    changes.put(
        "a parameter's type",
        p ->
            with(
                p,
                p.text,
                List.of(parameter("int8", true, "0000002a"), p.parameters.get(1)),
                p.settings));
    changes.put(
        "a parameter's format",
        p ->
            with(
                p,
                p.text,
                List.of(parameter("int4", false, "0000002a"), p.parameters.get(1)),
                p.settings));
    changes.put(
        "a parameter's bytes",
        p ->
            with(
                p,
                p.text,
                List.of(parameter("int4", true, "0000002b"), p.parameters.get(1)),
                p.settings));
    changes.put(
        "NULL and empty",
        p ->
            with(
                p, p.text, List.of(p.parameters.get(0), parameter("text", false, "")), p.settings));
    changes.put(
        "the order of parameters", p -> with(p, p.text, p.parameters.reversed(), p.settings));
    changes.put(
        "one parameter fewer", p -> with(p, p.text, p.parameters.subList(0, 1), p.settings));
    changes.put(
        "a setting's value",
        p -> with(p, p.text, p.parameters, Map.of("search_path", "public", "role", "app")));
    changes.put(
        "a setting's name",
        p -> with(p, p.text, p.parameters, Map.of("searchpath", "shop, public", "role", "app")));
    changes.put("one setting fewer", p -> with(p, p.text, p.parameters, Map.of("role", "app")));
    var seen = new TreeMap<String, String>();
    seen.put(digest(example(), Intent.NONE), "the example");
    for (var change : changes.entrySet()) {
      var before =
          seen.put(digest(change.getValue().apply(example()), Intent.NONE), change.getKey());
      assertThat(before).as("%s has the digest of another", change.getKey()).isNull();
    }
  }

  @Test
  void whatChangesNothingThatRunsKeepsTheDigest() throws Exception {
    var digest = digest(example(), Intent.NONE);
    assertThat(digest(example(), new Intent("another", "T-8", null))).isEqualTo(digest);
  }

  @Test
  void noFieldRunsIntoItsNeighbour() throws Exception {
    long seed = System.nanoTime();
    var random = new Random(seed);
    for (int i = 0; i < 30; i++) {
      var all = "ab".repeat(1 + random.nextInt(20));
      int cut = random.nextInt(all.length());
      int other = (cut + 1 + random.nextInt(all.length() - 1)) % all.length();
      var one =
          with(
              example(),
              all.substring(0, cut),
              List.of(parameter(all.substring(cut), false, null)),
              Map.of());
      var two =
          with(
              example(),
              all.substring(0, other),
              List.of(parameter(all.substring(other), false, null)),
              Map.of());
      assertThat(digest(one, Intent.NONE))
          .as("seed %d", seed)
          .isNotEqualTo(digest(two, Intent.NONE));
    }
  }

  private static Map<String, Identity> otherIdentities() {
    var kind = Identity.Kind.AGENT;
    var person = Scene.person();
    var others = new LinkedHashMap<String, Identity>();
    others.put("issuer", Scene.identity("other", "bot", kind, "k", person));
    others.put("subject", Scene.identity("corp", "bot2", kind, "k", person));
    others.put("nobody behind it", Scene.identity("corp", "bot", kind, "k", null));
    others.put(
        "another person behind it",
        Scene.identity(
            "corp",
            "bot",
            kind,
            "k",
            Scene.identity("corp", "eve", Identity.Kind.PERSON, "k", null)));
    others.put(
        "one more behind it",
        Scene.identity("corp", "bot", kind, "k", Scene.identity("corp", "ada", kind, "k", person)));
    return others;
  }

  private static Parts with(
      Parts p, String text, List<Parameter> parameters, Map<String, String> settings) {
    return new Parts(
        p.protocol,
        p.target,
        p.host,
        p.port,
        p.database,
        p.login,
        p.identity,
        text,
        parameters,
        settings);
  }

  private static Parameter parameter(String type, boolean binary, @Nullable String hex) {
    var raw = hex == null ? null : Bytes.copyOf(HexFormat.of().parseHex(hex));
    return new Parameter(type, binary, raw, hex);
  }

  private String digest(Parts parts, Intent intent) throws Exception {
    var like = scene.target();
    var target =
        new Target(
            parts.target,
            parts.protocol,
            parts.host,
            parts.port,
            parts.database,
            List.of(parts.database),
            like.tls(),
            null,
            like.credential(),
            Map.of(),
            Map.of(),
            like.record());
    var session =
        scene
            .sessions()
            .open(
                new Session.Opening(
                    parts.identity,
                    intent,
                    target,
                    parts.database,
                    parts.login,
                    parts.protocol,
                    "10.1.2.3",
                    null));
    var command =
        new Command.Statement(
            parts.text,
            parts.parameters,
            Set.of(Effect.DELETE),
            new TreeSet<>(),
            new TreeSet<>(),
            parts.database,
            new TreeMap<>(parts.settings),
            false);
    return CommandDigest.of(session, command).hex();
  }

  private static byte[] sha256(byte[] bytes) throws Exception {
    return MessageDigest.getInstance("SHA-256").digest(bytes);
  }
}
