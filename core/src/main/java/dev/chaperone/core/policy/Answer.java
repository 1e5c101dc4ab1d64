package dev.chaperone.core.policy;

/** What came of a condition. */
sealed interface Answer {
  /** It holds. */
  record Yes() implements Answer {}

  /** It does not hold. */
  record No() implements Answer {}

  /** It depends on values that are not known yet. */
  record Open() implements Answer {}

  /**
   * It could not be evaluated.
   *
   * @param why the kind of failure in words; never a value that was computed with
   */
  record Failed(String why) implements Answer {}
}
