package dev.chaperone.core.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class YamlReaderTest {
  private static final String VALID =
      """
      name: a   # comment
      list: [1, two, "three", {four: 4}]
      block:
        - key: 'it''s'
          text: |
            first
            second
        - folded: >
            one
            two
      off: off
      """;

  @Test
  void everyValueKnowsItsPlaceAndItsKeys() throws ConfigurationException {
    var top = YamlReader.read("f.yaml", VALID);
    var first = top.value("block").asList().maps().getFirst();
    assertThat(first.text("key").place()).hasToString("f.yaml:4:10: block[1].key");
    assertThat(first.text("text").text()).isEqualTo("first\nsecond\n");
    assertThat(top.text("off").text()).isEqualTo("off");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a: 1\\na: 2               | f:2:1: a: the key `a` stands twice, first in line 1
          a: &x 1                   | f:1:4: a: the anchor &x is not allowed; leave it out
          a: *x                     | f:1:4: a: an alias (*name) is not allowed; write it out
          a: !!str 1                | f:1:4: a: the tag tag:yaml.org,2002:str is not allowed
          [1]                       | f:1:1: expected a mapping (key: value), not a list
          a: 1\\n---\\nb: 2         | f:1:1: more than one document; keep one
          a: [1                     | f:2:1: not YAML: expected ',' or ']', but got <stream end>
          {[a]: 1}                  | f:1:2: a key must be a word
          %TAG ! tag:x,1:\\n---\\na: 1 | f:1:1: a TAG directive is not allowed
          """)
  void whatMakesAFileSaySomethingElseIsRefused(String text, String message) {
    assertThatThrownBy(() -> YamlReader.read("f", text.replace("\\n", "\n") + "\n"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(message);
  }

  @Test
  void nestingIsBounded() {
    var deep = "a: " + "[".repeat(100_000);
    assertThatThrownBy(() -> YamlReader.read("f", deep))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("nested deeper than 32");
  }

  @Test
  void lengthIsBounded() {
    var text = "a: " + "x".repeat(YamlReader.MAX_CHARACTERS);
    assertThatThrownBy(() -> YamlReader.read("f", text)).hasMessageContaining("longer than");
  }

  @Test
  void unknownKeysNameTheNearestKnownOne() throws ConfigurationException {
    var top = YamlReader.read("chaperone.yaml", "data: x\nidentiy: {}\n");
    assertThatThrownBy(() -> top.only("data", "identity", "listen"))
        .hasMessage("chaperone.yaml:2:1: identiy: unknown key `identiy`; did you mean `identity`?");
    assertThatThrownBy(() -> top.only("data", "zzz"))
        .hasMessage("chaperone.yaml:2:1: identiy: unknown key `identiy`; known: data, zzz");
  }

  @Test
  void plannedKeysAreRefusedAndNotIgnored() throws ConfigurationException {
    var top = YamlReader.read("f", "ssh: 1\n");
    assertThatThrownBy(() -> top.notYet("saml", "ssh"))
        .hasMessage("f:1:1: ssh: `ssh` is not available yet; leave it out");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a:", "a: ~", "a: null"})
  void aKeyWithoutAValueIsAnError(String text) throws ConfigurationException {
    var top = YamlReader.read("f", text);
    assertThatThrownBy(() -> top.text("a")).hasMessageContaining("has no value");
    assertThatThrownBy(() -> top.textOrNull("a")).hasMessageContaining("has no value");
  }

  @Test
  void aQuotedNullIsAWord() throws ConfigurationException {
    assertThat(YamlReader.read("f", "a: \"null\"").text("a").text()).isEqualTo("null");
  }

  @ParameterizedTest
  @CsvSource({"0s,0", "2m,120", "1h30m,5400", "7d,604800", "90s,90", "1d1h1m1s,90061"})
  void durationsAreWrittenInUnits(String text, long seconds) throws ConfigurationException {
    var value = YamlReader.read("f", "a: " + text).text("a");
    assertThat(value.duration(Duration.ZERO, Duration.ofDays(10)).toSeconds()).isEqualTo(seconds);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2", "m", "1m2h", "-1s", "1.5h", "1 m", "9999999d", "''"})
  void otherDurationsAreErrors(String text) throws ConfigurationException {
    var value = YamlReader.read("f", "a: " + text).text("a");
    assertThatThrownBy(() -> value.duration(Duration.ZERO, Duration.ofDays(10)))
        .hasMessageContaining("expected a duration such as");
  }

  @Test
  void durationsAreBounded() throws ConfigurationException {
    var value = YamlReader.read("f", "a: 2h").text("a");
    assertThatThrownBy(() -> value.duration(Duration.ofSeconds(1), Duration.ofMinutes(90)))
        .hasMessage("f:1:4: a: expected a duration from 1s to 1h30m, not `2h`");
  }

  @ParameterizedTest
  @CsvSource({"0,0", "512,512", "1B,1", "64KiB,65536", "3MiB,3145728", "1GiB,1073741824"})
  void sizesAreWrittenInBinaryUnits(String text, long bytes) throws ConfigurationException {
    assertThat(YamlReader.read("f", "a: " + text).text("a").size()).isEqualTo(bytes);
  }

  @Test
  void allIsASize() throws ConfigurationException {
    assertThat(YamlReader.read("f", "a: all").text("a").size()).isEqualTo(Long.MAX_VALUE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"64KB", "-1", "1.5MiB", "64 KiB", "999999999999GiB", "kib"})
  void otherSizesAreErrors(String text) throws ConfigurationException {
    var value = YamlReader.read("f", "a: " + text).text("a");
    assertThatThrownBy(value::size).hasMessageContaining("expected a size such as");
  }

  @ParameterizedTest
  @ValueSource(strings = {"yes", "True", "1", "\"true\""})
  void onlyTrueAndFalseAreFlags(String text) throws ConfigurationException {
    var value = YamlReader.read("f", "a: " + text).text("a");
    assertThatThrownBy(value::flag).hasMessageContaining("expected true or false");
  }

  @Test
  void anyTextIsReadOrRefusedWithAPlace() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    for (int round = 0; round < 5_000; round++) {
      var text = mutated(random);
      try {
        YamlReader.read("f", text);
      } catch (ConfigurationException e) {
        assertThat(e.place().line()).as("seed %s, text %s", seed, text).isPositive();
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ", text " + text, e);
      }
    }
  }

  private static String mutated(Random random) {
    if (random.nextInt(4) == 0) {
      var bytes = new byte[random.nextInt(200)];
      random.nextBytes(bytes);
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }
    var text = new StringBuilder(VALID);
    var interesting = "[]{}:,-|>'\"&*!%#?\t\n \0\\@`\u2028\ufeff";
    for (int i = 0; i <= random.nextInt(6); i++) {
      int at = random.nextInt(text.length());
      var put = interesting.charAt(random.nextInt(interesting.length()));
      if (random.nextBoolean()) {
        text.setCharAt(at, put);
      } else {
        text.insert(at, put);
      }
    }
    return text.toString();
  }
}
