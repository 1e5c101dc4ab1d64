package dev.chaperone.control.record;

import java.util.Locale;

/**
 * Text that may hold anything, made safe to look at: what a terminal or a browser would obey or
 * hide instead of show stands as its code point, for example {@code ⟨U+202E⟩}.
 */
public final class Visible {
  private Visible() {}

  /** The text with line ends and tabs kept. */
  public static String text(String text) {
    return shown(text, true);
  }

  /** The text on one line: line ends and tabs stand as code points too. */
  public static String line(String text) {
    return shown(text, false);
  }

  private static String shown(String text, boolean keepLines) {
    if (text.codePoints().noneMatch(c -> hides(c, keepLines))) {
      return text;
    }
    var shown = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(c -> {
          if (hides(c, keepLines)) {
            shown.append(String.format(Locale.ROOT, "⟨U+%04X⟩", c));
          } else {
            shown.appendCodePoint(c);
          }
        });
    return shown.toString();
  }

  private static boolean hides(int c, boolean keepLines) {
    if (c == '\n' || c == '\t') {
      return !keepLines;
    }
    return switch (Character.getType(c)) {
      // Control, bidirectional and zero-width formatting, private use, halves of pairs,
      // unassigned, and separators that end a line where nobody expects it.
      case Character.CONTROL,
          Character.FORMAT,
          Character.PRIVATE_USE,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      case Character.SPACE_SEPARATOR -> c != ' ';
      default -> invisibleLetter(c);
    };
  }

  /** Fillers that count as letters or marks and draw nothing. */
  private static boolean invisibleLetter(int c) {
    return c == 0x115F
        || c == 0x1160
        || c == 0x3164
        || c == 0xFFA0
        || c == 0x034F
        || (c >= 0xFE00 && c <= 0xFE0F)
        || (c >= 0xE0100 && c <= 0xE01EF);
  }
}
