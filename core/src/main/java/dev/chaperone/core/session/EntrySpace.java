package dev.chaperone.core.session;

import dev.chaperone.journal.Fields;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;

/**
 * How many of an entry's {@value dev.chaperone.journal.Entry#MAX_BYTES} bytes a text takes, and
 * what of it is kept where it takes too many. Bytes are counted as the journal writes JSON, and
 * never fewer than that. No surrogate pair is split.
 */
public final class EntrySpace {
  /** Stands at the end of what was cut. */
  public static final String ELLIPSIS = "…";

  private static final int ELLIPSIS_BYTES = 3;

  private EntrySpace() {}

  /** The bytes of the text in a JSON string, without the quotes. */
  public static long bytes(String text) {
    long bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      bytes += bytes(text.charAt(i));
    }
    return bytes;
  }

  /**
   * Where the longest piece ends that begins at {@code from} and takes at most {@code most} bytes,
   * which are at least 6 so that every character fits.
   */
  public static int pieceEnd(String text, int from, int most) {
    long bytes = 0;
    int to = from;
    while (to < text.length()) {
      int next = to + Character.charCount(text.codePointAt(to));
      for (int i = to; i < next; i++) {
        bytes += bytes(text.charAt(i));
      }
      if (bytes > most) {
        return to;
      }
      to = next;
    }
    return to;
  }

  /** The text, or its beginning and an ellipsis, in at most {@code most} bytes. */
  public static String cut(String text, int most) {
    return bytes(text) <= most
        ? text
        : text.substring(0, pieceEnd(text, 0, most - ELLIPSIS_BYTES)) + ELLIPSIS;
  }

  /**
   * The text as the journal will hold it, so that a digest of it is a digest of what is there: half
   * a surrogate pair is replaced by U+FFFD.
   */
  public static String wellFormed(String text) {
    if (StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      return text;
    }
    var mended = new StringBuilder(text.length());
    text.codePoints()
        .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
        .forEach(mended::appendCodePoint);
    return mended.toString();
  }

  /**
   * Writes an array of the texts that fit, in their order, and, where some did not, their number as
   * a field of the same name with {@code LeftOut}.
   *
   * @param most bytes that the texts may take, their quotes and commas included
   */
  public static void put(Fields fields, String name, Collection<String> texts, int most) {
    var kept = new ArrayList<String>();
    long bytes = 0;
    for (var text : texts) {
      bytes += bytes(text) + 3;
      if (bytes > most) {
        break;
      }
      kept.add(text);
    }
    fields.put(name, kept);
    if (kept.size() < texts.size()) {
      fields.put(name + "LeftOut", texts.size() - kept.size());
    }
  }

  private static int bytes(char c) {
    return switch (c) {
      case '"', '\\', '/', '\n', '\r', '\t', '\b', '\f' -> 2;
      default -> c < 0x20 ? 6 : c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
    };
  }
}
