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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
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

  /** Where a command runs, in the order of {@link #PLACE}; who, and what. */
  private record Parts(
      List<String> place,
      Identity identity,
      String text,
      List<Parameter> parameters,
      Map<String, String> settings) {
    Parts with(String newText, List<Parameter> newParameters) {
      return new Parts(place, identity, newText, newParameters, settings);
    }

    Parts with(Map<String, String> newSettings) {
      return new Parts(place, identity, text, parameters, newSettings);
    }
  }

  private static final List<String> PLACE =
      List.of("protocol", "target", "host", "port", "database", "login");

  private static Parts example() {
    return new Parts(
        List.of("postgres", "orders", "db.internal", "5432", "orders", "app"),
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
    var changed = new LinkedHashMap<String, Parts>();
    var like = example();
    for (int i = 0; i < PLACE.size(); i++) {
      var place = new ArrayList<>(like.place);
      place.set(i, "5433");
      changed.put(
          PLACE.get(i), new Parts(place, like.identity, like.text, like.parameters, like.settings));
    }
    otherIdentities()
        .forEach((what, identity) ->
            changed.put(
                what, new Parts(like.place, identity, like.text, like.parameters, like.settings)));
    changed.putAll(otherCommands(like));
    var seen = new HashMap<String, String>();
    seen.put(digest(like, Intent.NONE), "the example");
    for (var change : changed.entrySet()) {
      var before = seen.put(digest(change.getValue(), Intent.NONE), change.getKey());
      assertThat(before).as("%s has the digest of another", change.getKey()).isNull();
    }
  }

  private static Map<String, Parts> otherCommands(Parts like) {
    var first = like.parameters.get(0);
    var second = like.parameters.get(1);
    var changed = new LinkedHashMap<String, Parts>();
    changed.put("text", like.with(like.text + " ", like.parameters));
    var others =
        Map.of(
            "a parameter's type", List.of(parameter("int8", true, "0000002a"), second),
            "a parameter's format", List.of(parameter("int4", false, "0000002a"), second),
            "a parameter's bytes", List.of(parameter("int4", true, "0000002b"), second),
            "NULL and empty", List.of(first, parameter("text", false, "")),
            "the order of parameters", List.of(second, first),
            "one parameter fewer", List.of(first));
    others.forEach((what, parameters) -> changed.put(what, like.with(like.text, parameters)));
    var path = "search_path";
    changed.put("a setting's value", like.with(Map.of(path, "public", "role", "app")));
    changed.put("a setting's name", like.with(Map.of("searchpath", "shop, public", "role", "app")));
    changed.put("one setting fewer", like.with(Map.of("role", "app")));
    return changed;
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
      var one = example().with(all.substring(0, cut), rest(all, cut));
      var two = example().with(all.substring(0, other), rest(all, other));
      assertThat(digest(one, Intent.NONE))
          .as("seed %d", seed)
          .isNotEqualTo(digest(two, Intent.NONE));
    }
  }

  private static List<Parameter> rest(String all, int from) {
    return List.of(parameter(all.substring(from), false, null));
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

  private static Parameter parameter(String type, boolean binary, @Nullable String hex) {
    var raw = hex == null ? null : Bytes.copyOf(HexFormat.of().parseHex(hex));
    return new Parameter(type, binary, raw, hex);
  }

  private String digest(Parts parts, Intent intent) throws Exception {
    var like = scene.target();
    var place = parts.place.iterator();
    var protocol = place.next();
    var name = place.next();
    var host = place.next();
    int port = Integer.parseInt(place.next());
    var database = place.next();
    var login = place.next();
    var target =
        new Target(
            name,
            protocol,
            host,
            port,
            database,
            List.of(database),
            like.tls(),
            null,
            like.credential(),
            Map.of(),
            Map.of(),
            like.record());
    var opening =
        new Session.Opening(
            parts.identity, intent, target, database, login, protocol, "10.1.2.3", null);
    var command =
        new Command.Statement(
            parts.text,
            parts.parameters,
            Set.of(Effect.DELETE),
            new TreeSet<>(),
            new TreeSet<>(),
            database,
            new TreeMap<>(parts.settings),
            false);
    var session = scene.sessions().open(opening);
    return CommandDigest.of(session, command).hex();
  }

  private static byte[] sha256(byte[] bytes) throws Exception {
    return MessageDigest.getInstance("SHA-256").digest(bytes);
  }
}
