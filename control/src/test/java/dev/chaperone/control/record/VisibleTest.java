package dev.chaperone.control.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class VisibleTest {
  private static final long SEED = 42;

  @Test
  void whatATerminalWouldObeyIsShownAsItsCodePoint() {
    assertThat(Visible.text("a\u001b[31mb")).isEqualTo("a⟨U+001B⟩[31mb");
    assertThat(Visible.text("DROP \u202eelbat\u202c")).isEqualTo("DROP ⟨U+202E⟩elbat⟨U+202C⟩");
    assertThat(Visible.text("\u2066x\u2069\u200b\u00a0\u3164"))
        .isEqualTo("⟨U+2066⟩x⟨U+2069⟩⟨U+200B⟩⟨U+00A0⟩⟨U+3164⟩");
    assertThat(Visible.text("\u009b31m\u007f")).isEqualTo("⟨U+009B⟩31m⟨U+007F⟩");
    assertThat(Visible.text("tag \udb40\udc41 half \ud800"))
        .isEqualTo("tag ⟨U+E0041⟩ half ⟨U+D800⟩");
    assertThat(Visible.text("a\r\nb\u2028c")).isEqualTo("a⟨U+000D⟩\nb⟨U+2028⟩c");
  }

  @Test
  void linesAndTabsStayInATextAndNotOnALine() {
    assertThat(Visible.text("a\n\tb")).isEqualTo("a\n\tb");
    assertThat(Visible.line("a\n\tb")).isEqualTo("a⟨U+000A⟩⟨U+0009⟩b");
  }

  @Test
  void ordinaryTextOfAnyScriptStaysAsItIs() {
    var text = "SELECT 'Grüße', 'żółć', '你好', 'שלום', '😀' -- 100 %";
    assertThat(Visible.text(text)).isSameAs(text);
  }

  @Test
  void nothingThatIsObeyedComesThroughWhateverTheInput() {
    var random = new Random(SEED);
    for (int i = 0; i < 5_000; i++) {
      var input = new StringBuilder();
      for (int length = random.nextInt(20); length > 0; length--) {
        input.append((char) random.nextInt(0x10000));
      }
      var shown = Visible.line(input.toString());
      assertThat(shown.codePoints())
          .as("seed %d, round %d", SEED, i)
          .noneMatch(c ->
              Character.isISOControl(c)
                  || Character.getType(c) == Character.FORMAT
                  || Character.getType(c) == Character.SURROGATE
                  || Character.getType(c) == Character.LINE_SEPARATOR);
    }
  }
}
