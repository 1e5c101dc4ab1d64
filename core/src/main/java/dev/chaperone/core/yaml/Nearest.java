package dev.chaperone.core.yaml;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Guesses which known word a misspelt one was meant to be. */
public final class Nearest {
  private static final int LONGEST = 64;

  private Nearest() {}

  /** The known word that is at most two letters or a third of its letters away, if there is one. */
  public static Optional<String> to(String word, Collection<String> known) {
    if (word.length() > LONGEST) {
      return Optional.empty();
    }
    return known.stream()
        .filter(one -> distance(word, one) <= allowed(one))
        .min(
            Comparator.comparingInt((String one) -> distance(word, one)).thenComparing(one -> one));
  }

  private static int allowed(String known) {
    // A swap of two letters counts as two.
    return Math.max(known.length() < 4 ? 1 : 2, known.length() / 3);
  }

  /** {@code ; did you mean `known`?}, or else what is known at all. */
  public static String hint(String word, Collection<String> known) {
    return to(word, known)
        .map(one -> "; did you mean `" + one + "`?")
        .orElseGet(() -> "; known: " + String.join(", ", known));
  }

  /** Levenshtein's distance, letter case aside. */
  private static int distance(String left, String right) {
    var a = left.toLowerCase(Locale.ROOT);
    var b = right.toLowerCase(Locale.ROOT);
    var previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      var current = new int[b.length() + 1];
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(replaced, Math.min(previous[j], current[j - 1]) + 1);
      }
      previous = current;
    }
    return previous[b.length()];
  }
}
