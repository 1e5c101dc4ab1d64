package dev.chaperone.postgres.session;

import dev.chaperone.testing.PgFrame;
import java.util.List;

/** What a test looks at in the messages that came. */
final class Shown {
  private Shown() {}

  /** The messages' types, one letter each. */
  static String types(List<PgFrame> frames) {
    var types = new StringBuilder();
    frames.forEach(frame -> types.append(frame.type()));
    return types.toString();
  }

  /** The SQLSTATE of the first error; empty when there is none. */
  static String error(List<PgFrame> frames) {
    return frames.stream()
        .filter(f -> f.type() == 'E')
        .findFirst()
        .map(PgFrame::sqlState)
        .orElse("");
  }

  /** All text values of all rows. */
  static List<String> texts(List<PgFrame> frames) {
    return frames.stream()
        .filter(frame -> frame.type() == 'D')
        .flatMap(frame -> frame.texts().stream())
        .map(String::valueOf)
        .toList();
  }
}
