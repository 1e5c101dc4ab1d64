package dev.chaperone.postgres.session;

import dev.chaperone.core.command.Command;
import dev.chaperone.core.gate.Gate;
import dev.chaperone.core.gate.Passage;
import dev.chaperone.core.gate.Run;
import dev.chaperone.core.session.Session;
import dev.chaperone.journal.JournalUnavailableException;
import dev.chaperone.postgres.wire.Body;
import dev.chaperone.postgres.wire.ErrorFields;
import dev.chaperone.postgres.wire.MessageReader;
import dev.chaperone.postgres.wire.Messages;
import dev.chaperone.postgres.wire.ProtocolViolationException;
import dev.chaperone.wire.Frames;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the client asks, has it decided and recorded, and sends it on. The only one that
 * writes to the resource. Runs on a thread of its own until the client leaves or something fails.
 */
final class RequestPump {
  /** A longer text is refused; its parser's memory is bounded too. */
  static final int MAX_TEXT_BYTES = 1 << 20;

  /** Bound values of one execution; more is refused. */
  static final int MAX_BIND_BYTES = 16 << 20;

  /** Names and numbers only. */
  private static final int MAX_OTHER_BYTES = 8 << 10;

  private final MessageReader client;
  private final Conversation conversation;
  private final CopyIn copyIn;
  private final CopyOut copyOut;
  private final Standstill standstill;
  private final ExtendedRequests extended;

  RequestPump(MessageReader client, Conversation conversation, Standstill standstill) {
    this.client = client;
    this.standstill = standstill;
    this.conversation = conversation;
    this.copyIn = new CopyIn(client, conversation);
    this.copyOut = new CopyOut(conversation);
    this.extended = new ExtendedRequests(conversation, copyIn, copyOut);
  }

  /**
   * Serves the client's requests.
   *
   * @return why the session ends, when it ends in order
   */
  Session.End run() throws IOException, InterruptedException, JournalUnavailableException {
    while (true) {
      if (!client.nextIsBuffered()) {
        conversation.flush();
        if (!copyIn.isUnderWay()) {
          conversation.settleChanges();
        }
      }
      if (!client.next()) {
        return new Session.End("left", "the client closed the connection");
      }
      if (!standstill.begin()) {
        return new Session.End("shutdown", "the gateway is stopping");
      }
      if (client.type() == Messages.TERMINATE) {
        client.skip();
        return new Session.End("closed", "the client ended the session");
      }
      request();
      standstill.end();
    }
  }

  private void request() throws IOException, InterruptedException, JournalUnavailableException {
    if (copyIn.isUnderWay()) {
      copyIn.message();
      return;
    }
    byte type = client.type();
    if (type == Messages.COPY_DATA || type == Messages.COPY_DONE || type == Messages.COPY_FAIL) {
      client.skip(); // without a COPY, the server reads over them too
      return;
    }
    if (client.bodyLength() > bound(type)) {
      tooLong(type);
      return;
    }
    var message = client.message();
    if (type == Messages.SYNC) {
      extended.sync();
    } else if (!conversation.isDiscarding()) {
      dispatch(type, message);
    }
  }

  private static int bound(byte type) {
    return switch (type) {
      case Messages.QUERY, Messages.PARSE -> MAX_TEXT_BYTES + MAX_OTHER_BYTES;
      case Messages.BIND -> MAX_BIND_BYTES;
      default -> MAX_OTHER_BYTES;
    };
  }

  private void dispatch(byte type, byte[] message)
      throws IOException, InterruptedException, JournalUnavailableException {
    switch (type) {
      case Messages.QUERY -> query(message);
      case Messages.PARSE -> extended.parse(message);
      case Messages.BIND -> extended.bind(message);
      case Messages.DESCRIBE -> extended.describe(message);
      case Messages.EXECUTE -> extended.execute(message);
      case Messages.CLOSE -> extended.close(message);
      case Messages.FLUSH -> extended.flush();
      case Messages.FUNCTION_CALL ->
          refuseQuery(
              new Command.Unreadable(
                  "(function call)", "FunctionCall is not available through the gateway yet"),
              new Understanding.Flaw("0A000", 0));
      default -> throw new ProtocolViolationException("a message of unknown type " + type);
    }
  }

  /** Reads over what is too long and refuses it in its place. */
  private void tooLong(byte type)
      throws IOException, InterruptedException, JournalUnavailableException {
    int length = client.bodyLength();
    client.skip();
    if (conversation.isDiscarding()) {
      return;
    }
    var command =
        new Command.Unreadable(
            "(message of " + length + " bytes)",
            "a message of " + length + " bytes is longer than " + bound(type));
    var flaw = new Understanding.Flaw("54000", 0);
    switch (type) {
      case Messages.PARSE, Messages.BIND -> extended.refuse(command, flaw);
      case Messages.QUERY, Messages.FUNCTION_CALL -> refuseQuery(command, flaw);
      default -> throw new ProtocolViolationException(command.why());
    }
  }

  private void query(byte[] message)
      throws IOException, InterruptedException, JournalUnavailableException {
    if (!endOpenSegment()) {
      return;
    }
    var text = text(message);
    if (text == null) {
      refuseQuery(
          new Command.Unreadable("(not UTF-8)", "the text is not one zero-terminated UTF-8 text"),
          new Understanding.Flaw("22021", 0));
      return;
    }
    var reading = conversation.read(text);
    Conversation.Again again = () -> conversation.understand(text, reading, List.of());
    var first = again.read();
    if (conversation.isDiscarding()) {
      return;
    }
    var admission = conversation.admit(first, Frames.of(message), again);
    var understanding = admission.understanding();
    switch (admission.passage()) {
      case Gate.Permit permit when permit.admitted() instanceof Run run -> {
        var execution = copyOut.execution(run, understanding, false);
        if (execution == null) {
          return;
        }
        conversation.send(new Expected.Simple(execution), permit);
        conversation.began(understanding);
        conversation.endSegment();
        copyIn.await(execution);
      }
      case Gate.Permit _ -> throw new IllegalStateException("a query is run, not prepared");
      case Passage.Refusal refusal -> refused(refusal, understanding.flaw());
    }
  }

  private void refused(Passage.Refusal refusal, Understanding.@Nullable Flaw flaw)
      throws IOException, InterruptedException, JournalUnavailableException {
    if (!conversation.isDiscarding()) {
      conversation.refuseQuery(RefusalErrors.of(refusal, flaw));
    }
  }

  private void refuseQuery(Command.Unreadable command, Understanding.Flaw flaw)
      throws IOException, InterruptedException, JournalUnavailableException {
    if (endOpenSegment()) {
      conversation.refuseQuery(RefusalErrors.of(conversation.refused(command), flaw));
    }
  }

  /**
   * A simple query ends an extended segment that has no Sync; whether the server will read it is
   * known only when that segment is answered.
   *
   * @return whether the server will read it
   */
  private boolean endOpenSegment()
      throws IOException, InterruptedException, JournalUnavailableException {
    extended.releaseParse();
    if (conversation.isInSegment() && !conversation.isDiscarding()) {
      conversation.settle();
    }
    return !conversation.isDiscarding();
  }

  private static @Nullable String text(byte[] message) {
    try {
      var body = Body.ofMessage(message);
      var text = body.string();
      return body.remaining() == 0 ? text : null;
    } catch (ProtocolViolationException e) {
      return null;
    }
  }

  /** The error that a client sees when the session ends by order. */
  static ErrorFields ending(Session.End end) {
    var sqlState =
        switch (end.reason()) {
          case "idle" -> "57P05";
          case "protocol" -> "08P01";
          case "upstream" -> "08006";
          case "journal" -> "58030";
          default -> "57P01";
        };
    return ErrorFields.of("FATAL", sqlState, end.message(), null, "");
  }
}
