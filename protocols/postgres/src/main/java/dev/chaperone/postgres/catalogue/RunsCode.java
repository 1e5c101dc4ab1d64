package dev.chaperone.postgres.catalogue;

/**
 * Whether using a relation runs code that a user has written or that is not known to be harmless.
 *
 * @param onRead views' bodies, row security policies, types' functions, foreign tables
 * @param onWrite triggers, rules, policies, defaults, checks, generated columns, indexes
 * @param onBuild what building or checking it anew evaluates: view bodies, defaults, checks,
 *     generated columns, indexes
 */
public record RunsCode(boolean onRead, boolean onWrite, boolean onBuild) {
  /** Nothing but the server's own code. */
  public static final RunsCode NEVER = new RunsCode(false, false, false);

  static final RunsCode ALWAYS = new RunsCode(true, true, true);
  static final RunsCode ON_READ_AND_WRITE = new RunsCode(true, true, false);
  static final RunsCode ON_WRITE = new RunsCode(false, true, false);
  static final RunsCode ON_WRITE_AND_BUILD = new RunsCode(false, true, true);

  RunsCode or(RunsCode other) {
    return new RunsCode(onRead || other.onRead, onWrite || other.onWrite, onBuild || other.onBuild);
  }
}
