package dev.chaperone.postgres.session;

import dev.chaperone.core.gate.Gate;
import dev.chaperone.journal.JournalUnavailableException;
import dev.chaperone.postgres.catalogue.OwnQuery;
import dev.chaperone.postgres.wire.Body;
import dev.chaperone.postgres.wire.ErrorFields;
import dev.chaperone.postgres.wire.MessageReader;
import dev.chaperone.postgres.wire.Messages;
import dev.chaperone.postgres.wire.ProtocolViolationException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The gateway's own questions before the client may ask anything; blocks for each answer. */
final class StartupQuestions implements OwnQuery {
  private static final int MAX_MESSAGE_BYTES = 16 << 20;

  private final Gate.ToResource resource;
  private final MessageReader server;
  private final PostgresOwn own;

  StartupQuestions(Gate.ToResource resource, MessageReader server, PostgresOwn own) {
    this.resource = resource;
    this.server = server;
    this.own = own;
  }

  @Override
  public List<List<@Nullable String>> run(String sql) throws IOException {
    try {
      resource.write(own.query(sql));
      resource.flush();
    } catch (JournalUnavailableException e) {
      throw new IOException("nothing can be recorded", e);
    }
    var rows = new ArrayList<List<@Nullable String>>();
    String refused = null;
    while (server.next()) {
      if (server.bodyLength() > MAX_MESSAGE_BYTES) {
        throw new ProtocolViolationException("a too long answer to the gateway's own question");
      }
      var body = Body.ofMessage(server.message());
      switch (server.type()) {
        case Messages.DATA_ROW -> {
          if (rows.size() == Expected.Answer.MAX_ROWS) {
            throw new ProtocolViolationException("too many rows for the gateway's own question");
          }
          rows.add(Rows.texts(body));
        }
        case Messages.ERROR -> refused = ErrorFields.read(body).message();
        case Messages.READY_FOR_QUERY -> {
          if (refused != null) {
            throw new IOException("the target refused the gateway's own question: " + refused);
          }
          return rows;
        }
        default -> {} // descriptions, completions, notices
      }
    }
    throw new IOException("the target closed the connection");
  }
}
