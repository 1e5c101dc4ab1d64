package dev.chaperone.postgres.session;

import dev.chaperone.core.gate.Admitted;
import dev.chaperone.postgres.wire.ErrorFields;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What the server still has to answer, in the order in which it was asked. */
sealed interface Expected {
  /** Whether ReadyForQuery ends it. */
  default boolean endsSegment() {
    return false;
  }

  /** A simple query, to its ReadyForQuery. */
  record Simple(Execution execution) implements Expected {
    @Override
    public boolean endsSegment() {
      return true;
    }
  }

  /** The companion of a refused simple query; the client sees the refusal in its place. */
  record SimpleRefused(ErrorFields refusal) implements Expected {
    @Override
    public boolean endsSegment() {
      return true;
    }
  }

  /** A Parse. */
  record Parsed(Admitted admitted, String name, NamedStatement statement) implements Expected {}

  /** A Bind. */
  record Bound(String name, Portal portal) implements Expected {}

  /**
   * A Describe.
   *
   * @param portal what is described; null for a statement, and for a cursor of SQL
   * @param types takes the parameters' types of a statement; null for anything else
   * @param own whether the gateway asked, and the client must not see the answer
   */
  record Described(@Nullable Portal portal, @Nullable ParameterTypes types, boolean own)
      implements Expected {}

  /** An Execute. */
  record Executed(Portal portal, Execution execution) implements Expected {}

  /** A Close of a statement or portal. */
  record Closed(boolean statement, String name) implements Expected {}

  /** The companion of a refused extended message; the client sees the refusal in its place. */
  record Refused(ErrorFields refusal) implements Expected {}

  /** A Sync. */
  record Synced() implements Expected {
    @Override
    public boolean endsSegment() {
      return true;
    }
  }

  /** A question of the gateway's own; not ended by ReadyForQuery. */
  record Asked(Answer answer) implements Expected {}

  /** The Sync after questions of the gateway's own; the client must not see its answer. */
  record AskedSync() implements Expected {
    @Override
    public boolean endsSegment() {
      return true;
    }
  }

  /**
   * The parsing and description of a query within a command that was admitted; the client must not
   * see it. Answered when its statement is closed.
   *
   * @param within whether it stands in a segment of the client's, who then sees that it failed
   */
  record Outlined(Description answer, boolean within) implements Expected {}

  /** The columns of a query. */
  final class Description {
    private final CompletableFuture<RowShape> done = new CompletableFuture<>();
    private RowShape shape = new RowShape(List.of(), List.of(), List.of());

    void shape(RowShape described) {
      shape = described;
    }

    void closed() {
      done.complete(shape);
    }

    void fail(ErrorFields error) {
      done.completeExceptionally(new RefusedException(error));
    }

    CompletableFuture<RowShape> done() {
      return done;
    }
  }

  /** The server's answer to a query that it cannot parse. */
  final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient ErrorFields error;

    RefusedException(ErrorFields error) {
      super("SQLSTATE " + error.sqlState());
      this.error = error;
    }

    ErrorFields error() {
      return error;
    }
  }

  /** The rows of a question of the gateway's own, as they come. */
  final class Answer {
    static final int MAX_ROWS = 2_000_000;

    private final List<List<@Nullable String>> rows = new java.util.ArrayList<>();
    private final CompletableFuture<List<List<@Nullable String>>> done = new CompletableFuture<>();
    private int closes;

    void row(List<@Nullable String> row) {
      if (rows.size() < MAX_ROWS) {
        rows.add(row);
      } else {
        fail("more than " + MAX_ROWS + " rows");
      }
    }

    /** One of the two CloseComplete; true at the last. */
    boolean closed() {
      closes++;
      if (closes == 2) {
        done.complete(rows);
      }
      return closes == 2;
    }

    void fail(String why) {
      done.completeExceptionally(new java.io.IOException(why));
    }

    CompletableFuture<List<List<@Nullable String>>> done() {
      return done;
    }
  }
}
