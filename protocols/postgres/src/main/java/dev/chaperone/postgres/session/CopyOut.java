package dev.chaperone.postgres.session;

import dev.chaperone.core.gate.Outcome;
import dev.chaperone.core.gate.Run;
import dev.chaperone.journal.JournalUnavailableException;
import dev.chaperone.postgres.wire.ErrorFields;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * COPY TO STDOUT before it is sent. Its rows come without a description, so where masks apply they
 * cannot be told apart. Belongs to the request pump.
 */
final class CopyOut {
  private final Conversation conversation;

  CopyOut(Conversation conversation) {
    this.conversation = conversation;
  }

  /**
   * What was admitted, ready to be sent.
   *
   * @param extended whether it is refused as a message of the extended protocol
   * @return null when it is not to be sent: the client has its error
   */
  @Nullable Execution execution(Run run, Understanding understanding, boolean extended)
      throws IOException, InterruptedException, JournalUnavailableException {
    if (run.masking().isEmpty() || !understanding.returnsCopyData()) {
      return new Execution(run, understanding);
    }
    refuse(run, extended, "COPY TO STDOUT is not available where columns are masked");
    return null;
  }

  private void refuse(Run run, boolean extended, String why)
      throws IOException, InterruptedException, JournalUnavailableException {
    var error = ErrorFields.of("ERROR", "0A000", why, null, "Use SELECT.");
    conversation.gate().close(run, Outcome.failed("0A000", why));
    if (extended) {
      conversation.refuseExtended(error);
    } else {
      conversation.refuseQuery(error);
    }
  }
}
