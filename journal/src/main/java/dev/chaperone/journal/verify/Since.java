package dev.chaperone.journal.verify;

import java.util.Optional;

/**
 * The first entry that a finding affects.
 *
 * @param index its index in the log, from 0
 * @param time its time, as its best copy says; empty if none can be read
 * @param session its session, likewise
 * @param after the time of the last readable entry before it, where its own is unknown
 */
public record Since(
    long index, Optional<String> time, Optional<String> session, Optional<String> after) {

  /** An entry of which nothing else is known. */
  static Since entry(long index) {
    return new Since(index, Optional.empty(), Optional.empty(), Optional.empty());
  }

  static Since entry(long index, Envelope envelope) {
    return new Since(index, envelope.time(), envelope.session(), Optional.empty());
  }

  @Override
  public String toString() {
    return "entry "
        + index
        + time.map(t -> ", " + t).orElse("")
        + session.map(s -> ", session " + s).orElse("")
        + (time.isEmpty() ? after.map(t -> ", after " + t).orElse("") : "");
  }
}
