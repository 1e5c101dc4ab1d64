package dev.chaperone.core.gate;

import org.jspecify.annotations.Nullable;

/**
 * How an admitted command ended.
 *
 * @param how what became of it
 * @param errorCode the resource's code, for example an SQLSTATE
 * @param errorMessage what the client was told
 */
public record Outcome(How how, @Nullable String errorCode, @Nullable String errorMessage) {
  /** What became of a command. */
  public enum How {
    /** The resource completed it. */
    COMPLETED,
    /** The resource answered with an error. */
    FAILED,
    /** The resource never began it, since something before it failed. */
    SKIPPED,
    /** It was prepared to run and the client never had it run. */
    UNUSED,
    /** The client stopped fetching before the end. */
    PARTIAL,
    /** The connection ended before the resource said how it went. */
    LOST;

    /** The word that entries and the API use. */
    public String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** An outcome without an error. */
  public static Outcome of(How how) {
    return new Outcome(how, null, null);
  }

  /** An error that the resource answered with. */
  public static Outcome failed(String code, String message) {
    return new Outcome(How.FAILED, code, message);
  }
}
