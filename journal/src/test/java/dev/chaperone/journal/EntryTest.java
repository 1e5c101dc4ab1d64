package dev.chaperone.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EntryTest {
  private static final Instant TIME = Instant.parse("2026-11-23T09:15:02.123456789Z");

  @Test
  void anEntryIsWrittenInTheOrderOfItsFields() {
    Entry entry =
        Entry.of(
            "decided",
            TIME,
            f ->
                f.put("session", "s-1")
                    .put("n", 3)
                    .put("effects", List.of("read", "write"))
                    .object("who", who -> who.put("name", "ann").put("agent", false))
                    .array("rows", rows -> rows.add(1).array(a -> a.add("x").addNull()))
                    .putIfPresent("rule", null)
                    .putNull("nothing")
                    .put("until", TIME));
    assertThat(entry.json())
        .isEqualTo(
            "{\"v\":1,\"type\":\"decided\",\"time\":\"2026-11-23T09:15:02.123456Z\","
                + "\"session\":\"s-1\",\"n\":3,\"effects\":[\"read\",\"write\"],"
                + "\"who\":{\"name\":\"ann\",\"agent\":false},\"rows\":[1,[\"x\",null]],"
                + "\"nothing\":null,\"until\":\"2026-11-23T09:15:02.123456Z\"}");
    assertThat(Entry.of(entry.bytes())).isEqualTo(entry);
  }

  @Test
  void aTextOfAnyKindStaysOnOneLine() {
    Entry entry =
        Entry.of("content", TIME, f -> f.put("x", "a\nb\r\u2028\u0000\"\\é😀 half: \ud83d."));
    assertThat(entry.json()).doesNotContain("\n", "\r").contains("é😀 half: \ufffd.");
    assertThat(Entry.of(entry.bytes())).isEqualTo(entry);
  }

  @Test
  void aTimeAlwaysHasSixDecimals() {
    Instant whole = Instant.parse("2026-11-23T09:15:00Z");
    assertThat(Entry.of("x", whole, _ -> {}).json()).contains("\"2026-11-23T09:15:00.000000Z\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[1]|begins with {",
        "{\"a\":1}{}|something follows",
        "{\"a\":1,\"a\":2}|JSON",
        "{\"a\":{\"b\":1,\"b\":2}}|JSON",
        "{\"a\":}|JSON",
        "{\"a\":[}|JSON",
        "{'a':1}|JSON",
        "{\"a\":NaN}|JSON",
        "{/**/}|JSON",
      })
  void whatIsNoEntryIsRefused(String text, String why) {
    assertRefused(text, why);
    assertRefused(" {}", "begins with {");
    assertRefused("{} ", "ends with }");
  }

  @Test
  void linesAreRefusedAndTheirPlaceIsTold() {
    assertRefused("{\"a\":\n1}", "byte 5");
    assertRefused("{\"a\":1\r}", "byte 6");
  }

  @Test
  void bytesThatAreNotUtf8AreRefused() {
    byte[] latin = "{\"a\":\"é\"}".getBytes(StandardCharsets.ISO_8859_1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Entry.of(latin))
        .withMessageContaining("UTF-8");
  }

  @Test
  void sizeAndDepthAreBounded() {
    String most = "x".repeat(Entry.MAX_BYTES - 8);
    assertThat(Entry.of(("{\"a\":\"" + most + "\"}").getBytes(StandardCharsets.UTF_8)).length())
        .isEqualTo(Entry.MAX_BYTES);
    assertRefused("{\"a\":\"" + most + "x\"}", "65536");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Entry.of("content", TIME, f -> f.put("x", most)))
        .withMessageContaining("65535");
    assertRefused("{\"a\":" + "[".repeat(40) + "]".repeat(40) + "}", "JSON");
    assertRefused("", "not 0");
  }

  @Test
  void aRefusalDoesNotTellTheContent() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Entry.of("{\"a\":\"s3cret\", \"a\":1}".getBytes(StandardCharsets.UTF_8)))
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("s3cret"));
    assertThat(Entry.of("content", TIME, f -> f.put("x", "s3cret")).toString())
        .doesNotContain("s3cret");
  }

  @Test
  void aDoubledKeyIsRefusedWhenWritten() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Entry.of("content", TIME, f -> f.put("type", "other")));
  }

  @Test
  void anEntryCannotBeChangedThroughItsBytes() {
    byte[] bytes = "{\"a\":1}".getBytes(StandardCharsets.UTF_8);
    Entry entry = Entry.of(bytes);
    bytes[5] = '2';
    entry.bytes()[5] = '3';
    assertThat(entry.json()).isEqualTo("{\"a\":1}");
    assertThat(entry.buffer().isReadOnly()).isTrue();
    assertThat(entry.buffer()).isEqualTo(ByteBuffer.wrap(entry.bytes()));
  }

  @Test
  void anyBytesAreTakenAsTheyAreOrRefused() {
    long seed = 3;
    Random random = new Random(seed);
    byte[] valid = Samples.entry(1).bytes();
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = valid.clone();
      for (int flips = random.nextInt(4); flips >= 0; flips--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      byte[] tried = random.nextInt(10) > 0 ? bytes : new byte[random.nextInt(200)];
      assertThatCode(
              () -> {
                try {
                  assertThat(Entry.of(tried).bytes()).isEqualTo(tried);
                } catch (IllegalArgumentException e) {
                  assertThat(e).hasMessageNotContaining("\n");
                }
              })
          .as("seed " + seed + ", round " + i)
          .doesNotThrowAnyException();
    }
  }

  private static void assertRefused(String json, String why) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Entry.of(json.getBytes(StandardCharsets.UTF_8)))
        .withMessageContaining(why);
  }

  @Test
  void everyTimeIsWrittenAsTheFormatSays() {
    var format =
        java.time.format.DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'")
            .withZone(java.time.ZoneOffset.UTC);
    var random = new java.util.Random(11);
    for (int i = 0; i < 5_000; i++) {
      long second = random.nextLong(-70_000_000_000L, 400_000_000_000L);
      var time = Instant.ofEpochSecond(second, random.nextInt(1_000_000_000));

      assertThat(EntrySyntax.time(time)).isEqualTo(format.format(time));
    }
  }
}
