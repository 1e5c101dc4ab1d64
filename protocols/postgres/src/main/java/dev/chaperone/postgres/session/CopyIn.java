package dev.chaperone.postgres.session;

import dev.chaperone.core.gate.Run;
import dev.chaperone.journal.JournalUnavailableException;
import dev.chaperone.postgres.wire.MessageReader;
import dev.chaperone.postgres.wire.Messages;
import dev.chaperone.postgres.wire.ProtocolViolationException;
import dev.chaperone.wire.Frames;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The client's data for a COPY FROM STDIN. It passes under the permit of the command that was
 * decided and recorded, in pieces of its own: a CopyData message may be a gigabyte long, and where
 * one ends means nothing to the server. Belongs to the request pump.
 *
 * <p>What the server reads next depends on whether it takes data, so nothing that follows such a
 * command is read before the server has said. It leaves by itself when it fails; what the client
 * still sends of its data is then read over, here as there.
 */
final class CopyIn {
  private static final int HEADER_BYTES = 5;
  private static final int PIECE_BYTES = 32 << 10;

  /** PQ_SMALL_MESSAGE_LIMIT of libpq.h: the server takes no longer reason. */
  private static final int MAX_REASON_BYTES = 10_000;

  private final MessageReader client;
  private final Conversation conversation;
  private final byte[] piece = new byte[PIECE_BYTES];
  private @Nullable Execution execution;

  CopyIn(MessageReader client, Conversation conversation) {
    this.client = client;
    this.conversation = conversation;
  }

  /**
   * Something was sent that may take data: waits until the server says so, or has answered. Does
   * nothing for anything else.
   */
  void await(Execution sent) throws IOException, InterruptedException, JournalUnavailableException {
    if (sent.understanding().takesCopyData()) {
      execution = sent;
      await();
    }
  }

  private void await() throws IOException, InterruptedException, JournalUnavailableException {
    if (conversation.isInSegment()) {
      conversation.send(conversation.own().flush());
    }
    conversation.flush();
    if (!conversation.inFlight().awaitCopyData()) {
      execution = null;
      conversation.settle();
    }
  }

  /** Whether the next message of the client's is read as the server reads it in a COPY. */
  boolean isUnderWay() {
    return execution != null && conversation.inFlight().takesCopyData();
  }

  /** Handles the message that the reader stands at. */
  void message() throws IOException, InterruptedException, JournalUnavailableException {
    var run = current().run();
    switch (client.type()) {
      case Messages.COPY_DATA -> data(run);
      case Messages.COPY_DONE, Messages.COPY_FAIL -> end(run);
      case Messages.FLUSH, Messages.SYNC -> client.skip(); // so does the server
      default ->
          throw new ProtocolViolationException(
              "a message of type '" + (char) client.type() + "' during COPY FROM STDIN");
    }
  }

  private Execution current() {
    var now = execution;
    if (now == null) {
      throw new IllegalStateException("no COPY is under way");
    }
    return now;
  }

  private void data(Run run) throws IOException, JournalUnavailableException {
    int count = client.piece(piece, HEADER_BYTES, PIECE_BYTES - HEADER_BYTES);
    do {
      var message = framed(Messages.COPY_DATA, count);
      var content = new Frames(piece, HEADER_BYTES, count);
      var permit = conversation.gate().input(run, message, content);
      if (permit.isEmpty()) { // it has failed meanwhile, and the rest is nobody's
        client.skip();
        return;
      }
      conversation.send(permit.get());
      count = client.piece(piece, HEADER_BYTES, PIECE_BYTES - HEADER_BYTES);
    } while (count > 0);
  }

  private void end(Run run) throws IOException, InterruptedException, JournalUnavailableException {
    if (client.bodyLength() > MAX_REASON_BYTES) {
      throw new ProtocolViolationException(
          "the end of a COPY in " + client.bodyLength() + " bytes");
    }
    var message = Frames.of(client.message());
    conversation.inFlight().takesCopyData(false); // before the server can begin the next one
    var permit = conversation.gate().input(run, message, new Frames(piece, 0, 0));
    if (permit.isPresent()) {
      conversation.send(permit.get());
    }
    if (conversation.isInSegment()) {
      execution = null;
    } else {
      await(); // the text may have another one
    }
  }

  private Frames framed(byte type, int content) {
    int length = content + 4;
    piece[0] = type;
    piece[1] = (byte) (length >>> 24);
    piece[2] = (byte) (length >>> 16);
    piece[3] = (byte) (length >>> 8);
    piece[4] = (byte) length;
    return new Frames(piece, 0, HEADER_BYTES + content);
  }
}
