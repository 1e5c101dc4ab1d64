package dev.chaperone.core.command;

import java.util.Locale;
import java.util.Optional;

/** What a command does, not how it is spelled. The whole list; a command has at least one. */
public enum Effect {
  /** Returns data. */
  READ,
  /** Adds or changes data. */
  WRITE,
  /** Takes data away. */
  DELETE,
  /** Changes structure. */
  SCHEMA,
  /** Changes roles, grants or security settings, or impersonates. */
  PRIVILEGE,
  /** Runs code or programs. */
  EXECUTE,
  /** Reads or mints credentials. */
  SECRET,
  /** Transaction control, harmless settings, LISTEN, SHOW. */
  SESSION,
  /** Takes a lock that others wait for. */
  LOCK,
  /** Opens a way through for traffic that is not understood. */
  TUNNEL,
  /** What it does cannot be told; never allowed by default. */
  UNKNOWN;

  /** The word that policies, entries and the API use, for example {@code read}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The effect that {@code word} names, in the exact spelling of {@link #word()}. */
  public static Optional<Effect> of(String word) {
    for (Effect effect : values()) {
      if (effect.word().equals(word)) {
        return Optional.of(effect);
      }
    }
    return Optional.empty();
  }
}
