package dev.chaperone.postgres.session;

import dev.chaperone.core.gate.Outcome;
import dev.chaperone.core.gate.Run;
import dev.chaperone.journal.JournalUnavailableException;
import dev.chaperone.postgres.copy.CopyFormat;
import dev.chaperone.postgres.copy.UnreadableCopyException;
import dev.chaperone.postgres.masking.ResultColumn;
import dev.chaperone.postgres.wire.ErrorFields;
import dev.chaperone.sql.Name;
import dev.chaperone.sql.Statement;
import dev.chaperone.sql.StatementKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * COPY TO STDOUT before it is sent. Its rows come without a description, so where masks apply the
 * server is asked first what it will return: the columns of the relation, or of the query, on the
 * session's own connection, right before. What cannot be told is refused. Belongs to the request
 * pump.
 */
final class CopyOut {
  private static final String NOT_AVAILABLE = "0A000";

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
    var plain = new Execution(run, understanding, null);
    if (run.masking().isEmpty() || !understanding.returnsCopyData()) {
      return plain;
    }
    var within = conversation.isInSegment();
    try {
      if (understanding.statements().size() > 1) {
        throw new UnreadableCopyException("it stands in one text with other statements");
      }
      conversation.settle();
      if (conversation.isDiscarding() || conversation.state().status() == 'E') {
        return plain; // the server runs nothing; should it all the same, its rows are not shown
      }
      return new Execution(run, understanding, rows(run, understanding.statements().getFirst()));
    } catch (UnreadableCopyException e) {
      var why = "COPY TO STDOUT cannot be masked here: " + e.getMessage();
      var error = ErrorFields.of("ERROR", NOT_AVAILABLE, why, null, "");
      conversation.gate().close(run, Outcome.failed(NOT_AVAILABLE, why));
      refuse(error, extended);
    } catch (Expected.RefusedException e) {
      conversation.gate().close(run, Outcome.failed(e.error().sqlState(), e.error().message()));
      if (within) {
        conversation.settle(); // the client has the server's error, and the segment has failed
      } else {
        refuse(e.error(), extended);
      }
    }
    return null;
  }

  private void refuse(ErrorFields error, boolean extended)
      throws IOException, InterruptedException, JournalUnavailableException {
    if (extended) {
      conversation.refuseExtended(error);
    } else {
      conversation.refuseQuery(error);
    }
  }

  private CopyRows rows(Run run, Statement statement)
      throws IOException,
          InterruptedException,
          JournalUnavailableException,
          UnreadableCopyException,
          Expected.RefusedException {
    if (!(statement.kind() instanceof StatementKind.Copy copy)) {
      throw new UnreadableCopyException("its statement is not known");
    }
    var format = CopyFormat.of(copy.options());
    var relation = copy.relation();
    if (relation != null) {
      var columns = columns(relation, copy.columns());
      var binary = Collections.nCopies(columns.size(), format.isBinary());
      return new CopyRows(format, new RowShape(columns, binary, List.of()));
    }
    var digest = copy.queryDigest();
    if (digest == null) {
      throw new UnreadableCopyException("it names neither a relation nor a query");
    }
    var query = CopyQuery.of(statement.text(), digest, conversation::read);
    return new CopyRows(format, outline(run, query));
  }

  /** The columns that COPY takes of a relation: all but generated ones, or those that it names. */
  private List<ResultColumn> columns(Name relation, List<String> named)
      throws IOException,
          InterruptedException,
          JournalUnavailableException,
          UnreadableCopyException {
    var all = new ArrayList<ResultColumn>();
    for (var row : conversation.ask(CopyQuery.columnsOf(relation))) {
      all.add(
          new ResultColumn(
              text(row, 0),
              Long.parseLong(text(row, 1)),
              Integer.parseInt(text(row, 2)),
              Long.parseLong(text(row, 3))));
    }
    if (named.isEmpty()) {
      return all;
    }
    var columns = new ArrayList<ResultColumn>();
    for (var name : named) {
      all.stream().filter(column -> column.name().equals(name)).forEach(columns::add);
    }
    return columns; // the server answers names that are not there
  }

  private static String text(List<@Nullable String> row, int column)
      throws UnreadableCopyException {
    var text = row.get(column);
    if (text == null) {
      throw new UnreadableCopyException("the target does not say what its columns are");
    }
    return text;
  }

  private RowShape outline(Run run, String query)
      throws IOException,
          InterruptedException,
          JournalUnavailableException,
          Expected.RefusedException {
    var answer = new Expected.Description();
    boolean within = conversation.isInSegment();
    conversation.send(
        new Expected.Outlined(answer, within),
        conversation.gate().further(run, PostgresOwn.outline(query)));
    conversation.hurry(within);
    try {
      return answer.done().get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Expected.RefusedException refused) {
        throw refused;
      }
      throw new IOException("the target did not describe a query", e.getCause());
    }
  }
}
