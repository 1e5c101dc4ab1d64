package dev.chaperone.control.projection;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Times as the state file holds them. */
final class Micros {
  private Micros() {}

  /** Microseconds since 1970. */
  static long of(Instant time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, time);
  }
}
