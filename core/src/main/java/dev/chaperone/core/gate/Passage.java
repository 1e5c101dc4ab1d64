package dev.chaperone.core.gate;

import dev.chaperone.core.review.Approvals;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the gate says of a command: it may pass, or it is refused. */
public sealed interface Passage permits Gate.Permit, Passage.Refusal {

  /** Why a command does not run. */
  enum Reason {
    /** A rule denies it, or no rule allows it. */
    DENIED,
    /** It cannot be read. */
    UNREADABLE,
    /** It waits for a review, longer than the client may be kept. */
    PENDING,
    /** A person refused it. */
    REFUSED,
    /** Nobody decided in time. */
    EXPIRED,
    /** The client or an administrator cancelled it. */
    CANCELLED,
    /** The client left while it waited. */
    LEFT,
    /** Something before it failed, so it could never run; nobody was asked. */
    MOOT,
    /** Too many reviews are pending for this identity. */
    TOO_MANY_REVIEWS;

    /** The word that clients and entries see. */
    public String word() {
      return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * It does not run, and that is recorded durably.
   *
   * @param command the command's id in the record
   * @param reason why
   * @param rules the rules that led to it
   * @param message what the rule, the reviewer or the decoder says
   * @param review the review, where there is one
   */
  record Refusal(
      String command,
      Reason reason,
      List<String> rules,
      @Nullable String message,
      Approvals.@Nullable Reference review)
      implements Passage {
    public Refusal {
      rules = List.copyOf(rules);
    }
  }
}
