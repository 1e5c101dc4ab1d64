package dev.chaperone.core.yaml;

/**
 * Configuration that cannot be used. The message is one line: file, line, column, key, what is
 * wrong and what to do. It never holds a secret's value.
 */
public final class ConfigurationException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Place place;

  /** {@code problem} says what is wrong and what to do; the place is put before it. */
  public ConfigurationException(Place place, String problem) {
    super(place + ": " + problem);
    this.place = place;
  }

  /** Where it is. */
  public Place place() {
    return place;
  }
}
