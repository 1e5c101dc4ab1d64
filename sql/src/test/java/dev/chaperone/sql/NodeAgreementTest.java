package dev.chaperone.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaperone.sql.grammar.GrammarInstance;
import dev.chaperone.sql.grammar.GrammarModule;
import dev.chaperone.sql.grammar.ParseResult;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The compiled grammar makes the same trees and errors, byte for byte, as Node's run of the module
 * did; see {@code src/test/grammar/digests.cjs}.
 */
final class NodeAgreementTest {
  private static final long STACK = 64L << 20;

  @Test
  void everyTextHasNodesTree() throws InterruptedException {
    var texts = texts();
    var told = new HashMap<String, String>();
    var thread =
        new Thread(
            null,
            () -> told.putAll(parse(GrammarModule.load().instantiate(), texts)),
            "parser",
            STACK);
    thread.start();
    thread.join();
    assertThat(told).hasSizeGreaterThan(500).isEqualTo(expected());
  }

  private static List<String> texts() {
    var cases = Corpus.cases();
    var texts = new ArrayList<>(cases.stream().map(Corpus.Case::sql).toList());
    texts.add("SELECT " + "NOT ".repeat(3000) + "true");
    texts.add("SELECT " + "(".repeat(3000) + "1" + ")".repeat(3000));
    texts.add("SELECT " + "1 + ".repeat(3000) + "1");
    texts.add("SELECT " + "a.b ->> 'c' || lower(d[1]), ".repeat(500) + "1");
    texts.add(
        "INSERT INTO t VALUES "
            + "(1, 'abc', NULL, now(), 1.5e3, $1, DEFAULT), ".repeat(500)
            + "(1)");
    texts.add(
        String.join(
            ";\n",
            cases.stream()
                .filter(c -> !c.refused() && !c.empty() && !c.sql().contains("--"))
                .map(Corpus.Case::sql)
                .toList()));
    return texts;
  }

  private static Map<String, String> parse(GrammarInstance grammar, List<String> texts) {
    var told = new HashMap<String, String>();
    for (String text : texts) {
      told.put(
          sha256(text.getBytes(StandardCharsets.UTF_8)),
          switch (grammar.parse(text.getBytes(StandardCharsets.UTF_8))) {
            case ParseResult.Tree tree -> sha256(tree.json());
            case ParseResult.Refusal refusal ->
                "error " + refusal.position() + " " + refusal.message().replace("\n", "\\n");
          });
    }
    return told;
  }

  private static Map<String, String> expected() {
    var expected = new HashMap<String, String>();
    TestResource.text("digests.txt")
        .lines()
        .forEach(line -> {
          int space = line.indexOf(' ');
          expected.put(line.substring(0, space), line.substring(space + 1));
        });
    return expected;
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
