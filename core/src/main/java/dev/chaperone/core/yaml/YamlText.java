package dev.chaperone.core.yaml;

import java.time.Duration;
import java.util.Collection;
import java.util.List;

/**
 * A single value as the file writes it, and what it means where it is used.
 *
 * @param place where its first character stands, a quote included
 * @param text what it says, quotes and escapes resolved
 * @param style how it is written
 */
public record YamlText(Place place, String text, Style style) implements YamlValue {
  private static final List<String> NULLS = List.of("", "~", "null", "Null", "NULL");

  /** How a value is written. */
  public enum Style {
    /** Without quotes. */
    PLAIN,
    /** In single or double quotes. */
    QUOTED,
    /** After {@code |}: line by line. */
    LITERAL,
    /** After {@code >}: lines joined. */
    FOLDED
  }

  @Override
  public String shape() {
    return "a single value";
  }

  /** Whether it is YAML's null: left empty, or an unquoted null. */
  public boolean isNull() {
    return style == Style.PLAIN && NULLS.contains(text);
  }

  /** {@code true} or {@code false}, unquoted. */
  public boolean flag() throws ConfigurationException {
    if (style == Style.PLAIN && (text.equals("true") || text.equals("false"))) {
      return text.equals("true");
    }
    throw wrong("expected true or false");
  }

  /** A whole number from {@code least} to {@code most}, in decimal digits. */
  public int number(int least, int most) throws ConfigurationException {
    if (style == Style.PLAIN && text.matches("[0-9]{1,9}")) {
      int number = Integer.parseInt(text);
      if (number >= least && number <= most) {
        return number;
      }
    }
    throw wrong("expected a whole number from " + least + " to " + most);
  }

  /** A duration such as {@code 2m}, {@code 1h30m}, {@code 30d} or {@code 0s}. */
  public Duration duration(Duration least, Duration most) throws ConfigurationException {
    var duration =
        Quantities.duration(text)
            .orElseThrow(() -> wrong("expected a duration such as 30s, 2m, 1h30m or 7d"));
    if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
      throw wrong(
          "expected a duration from " + Quantities.text(least) + " to " + Quantities.text(most));
    }
    return duration;
  }

  /**
   * Bytes: {@code 0}, {@code 512}, {@code 64KiB}, {@code 10MiB}; {@code all} is {@link
   * Long#MAX_VALUE}.
   */
  public long size() throws ConfigurationException {
    return Quantities.size(text)
        .orElseThrow(() -> wrong("expected a size such as 0, 64KiB, 10MiB, 1GiB or all"));
  }

  /** One of the words. */
  public String oneOf(Collection<String> words) throws ConfigurationException {
    if (words.contains(text)) {
      return text;
    }
    throw wrong("expected one of " + String.join(", ", words));
  }

  /** The exception that says what was expected and what stands there. */
  public ConfigurationException wrong(String expected) {
    var shown = text.length() <= 60 ? text : text.substring(0, 60) + "…";
    return new ConfigurationException(place, expected + ", not `" + shown + "`");
  }

  /** Says nothing of its content, which may be sensitive. */
  @Override
  public String toString() {
    return "value at " + place;
  }
}
