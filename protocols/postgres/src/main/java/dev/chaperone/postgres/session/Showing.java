package dev.chaperone.postgres.session;

import dev.chaperone.core.gate.Gate;
import dev.chaperone.core.gate.Run;
import dev.chaperone.journal.JournalUnavailableException;
import dev.chaperone.postgres.wire.ErrorFields;
import dev.chaperone.postgres.wire.MessageReader;
import dev.chaperone.postgres.wire.Messages;
import dev.chaperone.wire.Frames;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The response pump's way to the client: everything is cleared by the gate, then written. */
final class Showing {
  private static final int BATCH_BYTES = 32 << 10;

  private final Gate gate;
  private final Gate.ToClient client;
  private final PostgresOwn own;
  private final byte[] batch = new byte[BATCH_BYTES];
  private int batched;
  private @Nullable Run batchOf;

  Showing(Gate gate, Gate.ToClient client, PostgresOwn own) {
    this.gate = gate;
    this.client = client;
    this.own = own;
  }

  /** A message of a command's response, already masked. */
  void response(Run run, byte[] message) throws IOException {
    response(run, message, 0, message.length);
  }

  private void response(Run run, byte[] bytes, int offset, int length) throws IOException {
    if ((batchOf != run && batched > 0) || length > BATCH_BYTES - batched) {
      release();
    }
    if (length > BATCH_BYTES) {
      client.write(gate.clear(run, new Frames(bytes, offset, length)));
      return;
    }
    batchOf = run;
    System.arraycopy(bytes, offset, batch, batched, length);
    batched += length;
  }

  /**
   * Passes a message that is too long to hold, piece by piece; the reader stands after its header.
   *
   * @param row whether it is counted as a row
   */
  void stream(Run run, MessageReader server, boolean row) throws IOException {
    release();
    if (row) {
      run.countRow();
    }
    run.outputNotKept();
    client.lock();
    try {
      client.write(gate.clear(run, Frames.of(server.header())));
      var piece = new byte[BATCH_BYTES];
      for (int n = server.piece(piece, 0, piece.length);
          n > 0;
          n = server.piece(piece, 0, piece.length)) {
        client.write(gate.clear(run, new Frames(piece, 0, n)));
      }
    } finally {
      client.unlock();
    }
  }

  /** A message that carries no data of a command. */
  void protocol(String kind, byte[] message) throws IOException, JournalUnavailableException {
    release();
    client.write(gate.clearProtocol(kind, Frames.of(message)));
  }

  /** An error that belongs to no command. */
  void error(ErrorFields error, boolean withhold) throws IOException, JournalUnavailableException {
    var shown = withhold ? error.withheld() : error;
    protocol("error", shown.message(Messages.ERROR));
  }

  /** An error of the gateway's own. */
  void own(String kind, ErrorFields error) throws IOException, JournalUnavailableException {
    release();
    client.write(own.error(kind, error));
  }

  /** What another session sent. */
  void notification(String channel, String payload, Frames message)
      throws IOException, JournalUnavailableException {
    release();
    client.write(gate.clearNotification(channel, payload, message));
  }

  /** Hands what is batched to the client's writer; what follows belongs to something else. */
  void release() throws IOException {
    var run = batchOf;
    if (batched > 0 && run != null) {
      int length = batched;
      batched = 0;
      batchOf = null;
      client.write(gate.clear(run, new Frames(batch, 0, length)));
    }
  }

  /** Lets the client see everything. */
  void flush() throws IOException {
    release();
    client.flush();
  }
}
