package dev.chaperone.sql.compiler;

/**
 * A jump.
 *
 * @param target the instruction it goes to, or {@link #RETURN}
 * @param height how many operands lie below the carried ones at the target
 * @param carried how many operands from the top go along
 */
record Edge(int target, int height, int carried) {
  /** Out of the function, with its result. */
  static final int RETURN = -1;
}
