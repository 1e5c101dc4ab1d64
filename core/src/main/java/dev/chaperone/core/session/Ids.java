package dev.chaperone.core.session;

import java.security.SecureRandom;
import java.time.Clock;

/** Identifiers that sort by time and cannot be guessed: 48 bits of milliseconds, 64 random. */
public final class Ids {
  private static final char[] DIGITS = "0123456789abcdefghjkmnpqrstvwxyz".toCharArray();

  private final Clock clock;
  private final SecureRandom random = new SecureRandom();

  public Ids(Clock clock) {
    this.clock = clock;
  }

  /** The prefix and 23 characters of Crockford's base 32, lower case. */
  public String next(String prefix) {
    var text = new StringBuilder(prefix);
    digits(text, clock.millis(), 10);
    digits(text, random.nextLong(), 13);
    return text.toString();
  }

  private static void digits(StringBuilder text, long value, int count) {
    for (int i = count - 1; i >= 0; i--) {
      text.append(DIGITS[(int) (value >>> (5 * i)) & 31]);
    }
  }
}
