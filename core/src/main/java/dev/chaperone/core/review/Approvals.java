package dev.chaperone.core.review;

import dev.chaperone.core.command.Command;
import dev.chaperone.core.identity.Intent;
import dev.chaperone.core.policy.Verdict;
import dev.chaperone.core.session.Session;
import dev.chaperone.journal.JournalUnavailableException;
import java.util.List;

/** Where held commands wait for people. Implementations are safe for many threads. */
public interface Approvals {
  /**
   * Asks for a review, or joins the pending one of the same digest, or uses a grant that is there,
   * and blocks until it is granted, refused, expired or cancelled, or until the wait is over. A
   * grant that is returned is used up, and that is recorded (enqueued) before this returns.
   *
   * @throws InterruptedException when the thread is told to stop; the review stays
   * @throws JournalUnavailableException when the review cannot be recorded
   */
  Decision await(Ask ask, Waiting waiting) throws InterruptedException, JournalUnavailableException;

  /**
   * What is asked.
   *
   * @param session who asks
   * @param commandId the command's id in the record
   * @param command exactly what would run
   * @param digest its digest
   * @param hold the rules that hold
   * @param intent what the actor says that it is doing
   */
  record Ask(
      Session session,
      String commandId,
      Command command,
      CommandDigest digest,
      Verdict.Hold hold,
      Intent intent) {}

  /** A review, as the client is told of it. */
  record Reference(String id, String address) {}

  /** How it went. */
  sealed interface Decision {
    /** May run, once; {@code rules} are those that were granted. */
    record Granted(Reference review, List<String> rules, List<String> by) implements Decision {}

    /** A person said no. */
    record Refused(Reference review, String by, String reason) implements Decision {}

    /** Nobody decided in time. */
    record Expired(Reference review) implements Decision {}

    /** The asker or an administrator ended it. */
    record Cancelled(Reference review) implements Decision {}

    /** The wait is over; the review is still pending. */
    record Pending(Reference review) implements Decision {}

    /** No review could be opened: too many are pending for this identity. */
    record TooMany(int limit) implements Decision {}
  }
}
