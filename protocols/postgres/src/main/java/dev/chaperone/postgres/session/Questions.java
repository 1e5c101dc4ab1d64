package dev.chaperone.postgres.session;

import dev.chaperone.journal.JournalUnavailableException;
import java.io.IOException;

/**
 * The gateway's own questions among the client's messages. The client's {@code statement_timeout}
 * is not for them: one that the server gave up would end the client's transaction.
 */
final class Questions {
  private static final String NONE = "0";

  private final Conversation conversation;
  private final SessionState state;
  private final PostgresOwn own;

  Questions(Conversation conversation, SessionState state, PostgresOwn own) {
    this.conversation = conversation;
    this.state = state;
    this.own = own;
  }

  /**
   * Buffers a question; what flushes or ends its segment is still to be sent.
   *
   * @param within whether it stands in a segment of the client's
   * @param unsettled whether the client's settings may be others than those that are known
   */
  Expected.Answer ask(String question, boolean within, boolean unsettled)
      throws IOException, InterruptedException, JournalUnavailableException {
    var limit = state.statementTimeout();
    if (unsettled || limit.equals(NONE)) {
      return send(question); // what asks for the settings is short, and must not change them
    }
    if (!within && state.status() == 'I') { // it ends with the question's own transaction
      send("SELECT pg_catalog.set_config('statement_timeout', '0', true)");
      return send(question);
    }
    send("SET LOCAL statement_timeout = 0");
    var answer = send(question);
    send("SET LOCAL statement_timeout = '" + limit.replace("'", "''") + "'");
    return answer;
  }

  private Expected.Answer send(String question)
      throws IOException, InterruptedException, JournalUnavailableException {
    var answer = new Expected.Answer();
    conversation.send(new Expected.Asked(answer), own.ask(question));
    return answer;
  }
}
