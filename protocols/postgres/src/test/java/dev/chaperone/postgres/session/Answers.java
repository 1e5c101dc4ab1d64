package dev.chaperone.postgres.session;

import dev.chaperone.testing.PgFrame;
import java.util.List;

/** What a server has answered, in short. */
final class Answers {
  private Answers() {}

  /** The type bytes, in order. */
  static String types(List<PgFrame> frames) {
    var types = new StringBuilder();
    frames.forEach(frame -> types.append(frame.type()));
    return types.toString();
  }

  /** The transaction's state, from the ReadyForQuery at the end. */
  static char status(List<PgFrame> frames) {
    return (char) frames.getLast().body()[0];
  }
}
