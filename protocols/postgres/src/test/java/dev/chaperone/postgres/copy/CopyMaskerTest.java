package dev.chaperone.postgres.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chaperone.postgres.masking.ValueMask;
import dev.chaperone.sql.StatementKind.CopyOption;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rows are masked however the stream is cut into pieces, and noise never passes as a row. */
@Timeout(60)
final class CopyMaskerTest {
  /** Shows what it was given in upper case, so that a wrong value shows. */
  private static final ValueMask SHOUT = (value, _) -> value == null ? null : upper(value);

  private static final List<Optional<ValueMask>> SECOND =
      List.of(Optional.empty(), Optional.of(SHOUT), Optional.empty());

  private static byte[] upper(byte[] value) {
    var text = new String(value, StandardCharsets.ISO_8859_1);
    return text.toUpperCase(java.util.Locale.ROOT).getBytes(StandardCharsets.ISO_8859_1);
  }

  private static CopyFormat format(CopyOption... options) throws UnreadableCopyException {
    return CopyFormat.of(List.of(options));
  }

  private static CopyOption option(String name, String value) {
    return new CopyOption(name, value, true);
  }

  private static String masked(CopyMasker masker, byte[] stream, Random cuts)
      throws UnreadableCopyException {
    var out = new ByteArrayOutputStream();
    int at = 0;
    while (at < stream.length) {
      int length = Math.min(stream.length - at, cuts.nextInt(9));
      out.writeBytes(masker.mask(stream, at, length));
      at += length;
    }
    masker.end();
    return out.toString(StandardCharsets.ISO_8859_1);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void linesAreMaskedHoweverTheyAreCut() throws Exception {
    for (int seed = 0; seed < 300; seed++) {
      var text = "a\tb\\t\\\\\tc\n\\N\t\\N\td\n\t\t\n";
      assertThat(masked(CopyMasker.of(format(), SECOND), bytes(text), new Random(seed)))
          .isEqualTo("a\tB\\t\\\\\tc\n\\N\t\\N\td\n\t\t\n");
      var csv = "h,i,j\na,\"b,\"\"\n\",c\n,,d\n\"x\",y,\"\"\n";
      var masker = CopyMasker.of(format(option("format", "csv"), option("header", "true")), SECOND);
      assertThat(masked(masker, bytes(csv), new Random(seed)))
          .isEqualTo("h,i,j\na,\"B,\"\"\n\",c\n,,d\n\"x\",Y,\"\"\n");
    }
  }

  @Test
  void binaryRowsAreMaskedHoweverTheyAreCut() throws Exception {
    var stream = new ByteArrayOutputStream();
    stream.writeBytes(bytes("PGCOPY\n\u00ff\r\n\0\0\0\0\0\0\0\0\0"));
    stream.writeBytes(
        ByteBuffer.allocate(17)
            .putShort((short) 3)
            .putInt(1)
            .put((byte) 'a')
            .putInt(2)
            .put(bytes("bb"))
            .putInt(-1)
            .array());
    stream.writeBytes(
        ByteBuffer.allocate(14).putShort((short) 3).putInt(-1).putInt(-1).putInt(0).array());
    stream.writeBytes(new byte[] {-1, -1});
    for (int seed = 0; seed < 300; seed++) {
      var masker = CopyMasker.of(format(option("format", "binary")), SECOND);
      assertThat(masked(masker, stream.toByteArray(), new Random(seed)))
          .isEqualTo(stream.toString(StandardCharsets.ISO_8859_1).replace("bb", "BB"));
    }
  }

  @Test
  void rowsOfOtherColumnsAndUnfinishedStreamsAreRefused() throws Exception {
    for (var stream : List.of("a\tb\n", "a\tb\tc\td\n", "a\tb\tc", "\n", "a\tb\\", "x")) {
      var masker = CopyMasker.of(format(), SECOND);
      assertThatThrownBy(() -> masked(masker, bytes(stream), new Random(1)))
          .as(stream)
          .isInstanceOf(UnreadableCopyException.class);
    }
    for (var stream : List.of("a,b\"c\",d\n", "a,\"b\"c,d\n", "a,\"b", "a,\"b\"\n")) {
      var masker = CopyMasker.of(format(option("format", "csv")), SECOND);
      assertThatThrownBy(() -> masked(masker, bytes(stream), new Random(1)))
          .as(stream)
          .isInstanceOf(UnreadableCopyException.class);
    }
  }

  @Test
  void aRowBeyondTheBoundIsRefused() throws Exception {
    for (var name : List.of("text", "csv")) {
      var masker = CopyMasker.of(format(option("format", name)), SECOND);
      var piece = new byte[1 << 20];
      Arrays.fill(piece, (byte) 'x');
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 17; i++) {
                  assertThat(masker.mask(piece, 0, piece.length)).isEmpty();
                }
              })
          .isInstanceOf(UnreadableCopyException.class);
    }
  }

  @Test
  void optionsThatAreNotCertainAreRefused() {
    var bad =
        List.of(
            List.of(option("format", "xml")),
            List.of(option("format", "csv"), option("format", "text")),
            List.of(option("encoding", "latin1")),
            List.of(option("delimiter", "ab")),
            List.of(option("delimiter", "ä")),
            List.of(option("delimiter", "\\")),
            List.of(option("null", "a\\")),
            List.of(option("null", "a\tb")),
            List.of(option("header", "match")),
            List.of(option("surprise", "1")),
            List.of(new CopyOption("null", null, false)),
            List.of(new CopyOption("quote", null, true), option("format", "csv")),
            List.of(option("format", "csv"), option("quote", ",")));
    for (var options : bad) {
      assertThatThrownBy(() -> CopyFormat.of(options))
          .as("%s", options)
          .isInstanceOf(UnreadableCopyException.class);
    }
  }

  /** Whatever comes, a masked value is never shown and nothing but the one exception is thrown. */
  @Test
  void noiseIsMaskedOrRefused() throws Exception {
    long seed = System.nanoTime();
    var random = new Random(seed);
    var alphabet = bytes("ab\t,|\"\\\n\rN.\0\u00ff");
    var formats = new ArrayList<CopyFormat>();
    formats.add(format());
    formats.add(format(option("null", "")));
    formats.add(format(option("format", "csv")));
    formats.add(format(option("format", "csv"), option("quote", "|"), option("escape", "\\")));
    formats.add(format(option("format", "binary")));
    List<Optional<ValueMask>> all =
        List.of(Optional.of((_, _) -> null), Optional.of((_, _) -> null));
    for (int i = 0; i < 5_000; i++) {
      var noise = new byte[random.nextInt(60)];
      for (int j = 0; j < noise.length; j++) {
        noise[j] = alphabet[random.nextInt(alphabet.length)];
      }
      var format = formats.get(random.nextInt(formats.size()));
      String shown;
      try {
        shown = masked(CopyMasker.of(format, all), noise, random);
      } catch (UnreadableCopyException e) {
        continue;
      }
      assertThat(shown).as("seed %d, %s", seed, format).doesNotContain("a").doesNotContain("b");
    }
  }
}
