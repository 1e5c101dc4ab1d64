package dev.chaperone.journal.note;

/** The rules for the name of a log, which is also the name of its key (C2SP signed-note). */
public final class Origin {
  private static final int MAX_LENGTH = 255;

  private Origin() {}

  /**
   * Returns {@code origin} where it can be one.
   *
   * @throws IllegalArgumentException if it is empty, longer than 255 characters, or has white
   *     space, a control character, half a surrogate pair or a {@code +}
   */
  public static String check(String origin) {
    if (origin.isEmpty() || origin.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "an origin has 1 to " + MAX_LENGTH + " characters, not " + origin.length());
    }
    origin
        .codePoints()
        .filter(Origin::isForbidden)
        .findFirst()
        .ifPresent(c -> {
          throw new IllegalArgumentException(
              "an origin has no white space, control character or plus; this one has U+%04X"
                  .formatted(c));
        });
    return origin;
  }

  private static boolean isForbidden(int c) {
    return c == '+'
        || Character.isWhitespace(c)
        || Character.isSpaceChar(c)
        || Character.isISOControl(c)
        || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
  }
}
