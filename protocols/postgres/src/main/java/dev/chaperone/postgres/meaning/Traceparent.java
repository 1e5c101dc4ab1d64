package dev.chaperone.postgres.meaning;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The W3C {@code traceparent} that sqlcommenter puts into a comment at a statement's end. It is a
 * statement of intent and proves nothing, so that the same characters within a string count too.
 */
final class Traceparent {
  private static final Pattern COMMENT =
      Pattern.compile("traceparent='([0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2})'");

  private Traceparent() {}

  /** The one of the text's last comment, or null. */
  static @Nullable String in(String text) {
    int end = text.lastIndexOf("*/");
    int start = end < 0 ? -1 : text.lastIndexOf("/*", end);
    if (start < 0) {
      return null;
    }
    var found = COMMENT.matcher(text).region(start, end);
    return found.find() ? found.group(1) : null;
  }
}
