package dev.chaperone.journal.verify;

import java.util.Optional;

/**
 * One thing that is not as it was signed, or not as it must be.
 *
 * @param what one sentence
 * @param where the file, relative to what was verified, and the place in it
 * @param since the first entry affected, where there is one
 */
public record Finding(String what, String where, Optional<Since> since) {

  /** The same finding; where its entry is this one and nothing else was known of it, with that. */
  Finding knowing(Since known) {
    boolean completes =
        since.isPresent() && since.get().index() == known.index() && since.get().time().isEmpty();
    return completes ? new Finding(what, where, Optional.of(known)) : this;
  }

  @Override
  public String toString() {
    return where + ": " + what + since.map(s -> " (since " + s + ")").orElse("");
  }
}
