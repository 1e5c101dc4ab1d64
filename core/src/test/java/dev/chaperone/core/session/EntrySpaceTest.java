package dev.chaperone.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaperone.journal.Entry;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EntrySpaceTest {
  @Test
  void noTextTakesMoreBytesThanCounted() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    int empty = written("");
    for (int i = 0; i < 3_000; i++) {
      var text = text(random);
      assertThat((long) written(text) - empty)
          .as("seed %d", seed)
          .isLessThanOrEqualTo(EntrySpace.bytes(text));
    }
  }

  @Test
  void everyAsciiCharacterIsCountedExactlyEnough() {
    int empty = written("");
    for (char c = 0; c < 0x80; c++) {
      var text = String.valueOf(c);
      assertThat((long) written(text) - empty)
          .as("character %d", (int) c)
          .isLessThanOrEqualTo(EntrySpace.bytes(text));
    }
  }

  @Test
  void piecesJoinToTheWholeAndSplitNoPair() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    for (int i = 0; i < 2_000; i++) {
      var text = text(random);
      int most = 6 + random.nextInt(50);
      int from = 0;
      while (from < text.length()) {
        int to = EntrySpace.pieceEnd(text, from, most);
        var piece = text.substring(from, to);
        assertThat(piece).as("seed %d", seed).isNotEmpty();
        assertThat(EntrySpace.bytes(piece)).as("seed %d", seed).isLessThanOrEqualTo(most);
        assertThat(splits(text, to)).as("seed %d", seed).isFalse();
        from = to;
      }
      var cut = EntrySpace.cut(text, most + 3);
      assertThat(EntrySpace.bytes(cut)).as("seed %d", seed).isLessThanOrEqualTo(most + 3);
    }
  }

  @Test
  void whatFitsIsNotCut() {
    assertThat(EntrySpace.cut("abc", 3)).isEqualTo("abc");
    assertThat(EntrySpace.cut("abcdefghijkl", 11)).isEqualTo("abcdefgh…");
  }

  private static boolean splits(String text, int at) {
    return at < text.length()
        && Character.isHighSurrogate(text.charAt(at - 1))
        && Character.isLowSurrogate(text.charAt(at));
  }

  private static String text(Random random) {
    var text = new StringBuilder();
    int length = random.nextInt(200);
    for (int i = 0; i < length; i++) {
      switch (random.nextInt(4)) {
        case 0 -> text.append((char) random.nextInt(0x80));
        case 1 -> text.append((char) random.nextInt(0x10000));
        case 2 -> text.appendCodePoint(0x10000 + random.nextInt(0x1000));
        default -> text.append("\"\\/\u2028\u0000é".charAt(random.nextInt(6)));
      }
    }
    return text.toString();
  }

  private static int written(String text) {
    return Entry.of("t", Instant.EPOCH, fields -> fields.put("x", text)).length();
  }
}
