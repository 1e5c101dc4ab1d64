package dev.chaperone.control.reviews;

import java.util.Locale;
import java.util.Optional;

/** Where a review stands. Only pending and granted ones can still change. */
public enum ReviewState {
  /** Waits for people. */
  PENDING,
  /** May be used, once. */
  GRANTED,
  /** A person said no. */
  REFUSED,
  /** Nobody decided, or nobody used it, in time. */
  EXPIRED,
  /** The asker or an administrator ended it. */
  CANCELLED,
  /** What was granted has run, or was let go to run. */
  USED;

  /** The word that entries and the API use. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The state of a word, in the exact spelling of {@link #word()}. */
  public static Optional<ReviewState> of(String word) {
    for (var state : values()) {
      if (state.word().equals(word)) {
        return Optional.of(state);
      }
    }
    return Optional.empty();
  }

  /** Whether it can still change. */
  public boolean isLive() {
    return this == PENDING || this == GRANTED;
  }
}
