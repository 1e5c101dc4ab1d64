package dev.chaperone.postgres.masking;

import org.jspecify.annotations.Nullable;

/** Replaces the values of one column of a result. Immutable. */
@FunctionalInterface
public interface ValueMask {
  /**
   * The value to show in the place of another, in the same format and valid for the same type; null
   * is NULL. Never throws: a value that cannot be read becomes null.
   *
   * @param value the value as the server sent it; null for NULL, which stays NULL
   * @param binary whether it is in the type's binary format rather than in text
   */
  byte @Nullable [] apply(byte @Nullable [] value, boolean binary);
}
