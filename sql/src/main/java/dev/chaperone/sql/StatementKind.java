package dev.chaperone.sql;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a session must know of a statement beside its effects. {@link Plain} says that there is
 * nothing of the sort; the command tag tells what it is.
 */
public sealed interface StatementKind {
  /** SELECT, INSERT, CREATE TABLE and all else without a meaning of its own for the session. */
  record Plain() implements StatementKind {}

  /**
   * Transaction control.
   *
   * @param name the savepoint's name or the prepared transaction's identifier, else null
   * @param chained whether AND CHAIN begins the next transaction at once
   */
  record Transaction(TransactionAction action, @Nullable String name, boolean chained)
      implements StatementKind {}

  /**
   * What is done to the transaction. START TRANSACTION is BEGIN, END is COMMIT, ABORT is ROLLBACK.
   */
  enum TransactionAction {
    BEGIN,
    COMMIT,
    ROLLBACK,
    SAVEPOINT,
    RELEASE,
    ROLLBACK_TO,
    PREPARE,
    COMMIT_PREPARED,
    ROLLBACK_PREPARED
  }

  /** SET or RESET; what it changes is in {@link Statement#settings()}. */
  record SetSetting() implements StatementKind {}

  /** SHOW of one setting, in lower case, or of {@code all}. */
  record ShowSetting(String name) implements StatementKind {}

  /** DISCARD. */
  record Discard(DiscardTarget target) implements StatementKind {}

  /** What DISCARD throws away. */
  enum DiscardTarget {
    ALL,
    PLANS,
    SEQUENCES,
    TEMPORARY
  }

  /** PREPARE name AS inner. The effects of {@code inner} come with EXECUTE, not with PREPARE. */
  record Prepare(String name, Statement inner) implements StatementKind {}

  /**
   * EXECUTE name. Its effects are those of what was prepared; here they are {@link Effect#UNKNOWN}.
   *
   * @param arguments how many arguments it is called with; what they do is in this statement's
   *     effects
   */
  record Execute(String name, int arguments) implements StatementKind {}

  /** DEALLOCATE name, or ALL when null. */
  record Deallocate(@Nullable String name) implements StatementKind {}

  /**
   * DECLARE name CURSOR FOR inner. Counted as run: planning may run code, and what FETCH returns is
   * read by it.
   */
  record DeclareCursor(String name, boolean holdable, Statement inner) implements StatementKind {}

  /** FETCH from, or MOVE within, a cursor. What it reads was decided by DECLARE. */
  record Fetch(String name, boolean move) implements StatementKind {}

  /** CLOSE name, or ALL when null. */
  record CloseCursor(@Nullable String name) implements StatementKind {}

  /**
   * COPY.
   *
   * @param toServer true for COPY FROM (into the relation), false for COPY TO (out of it)
   * @param end where the data comes from or goes to
   * @param relation the relation, or null when it is a query
   * @param columns the columns named, or empty for all
   * @param options as written, in order, in any of COPY's syntaxes
   * @param queryDigest the SHA-256 of the query's parse tree, positions left out, in hexadecimal;
   *     null when it is a relation. Texts of equal digest are one query
   */
  record Copy(
      boolean toServer,
      CopyEnd end,
      @Nullable Name relation,
      List<String> columns,
      List<CopyOption> options,
      @Nullable String queryDigest)
      implements StatementKind {
    public Copy {
      columns = List.copyOf(columns);
      options = List.copyOf(options);
    }
  }

  /**
   * An option of COPY.
   *
   * @param name in lower case, as the grammar names it ({@code format}, {@code force_quote}, …)
   * @param value its constant; null when it has none
   * @param plain whether it is a constant or nothing at all, rather than a list or {@code *}
   */
  record CopyOption(String name, @Nullable String value, boolean plain) {}

  /**
   * The other end of a COPY: the client's connection, a file of the server, or a program run by the
   * server.
   */
  enum CopyEnd {
    CLIENT,
    FILE,
    PROGRAM
  }

  /** LISTEN. */
  record Listen(String channel) implements StatementKind {}

  /** UNLISTEN, of all channels when null. */
  record Unlisten(@Nullable String channel) implements StatementKind {}

  /** NOTIFY. */
  record Notify(String channel, @Nullable String payload) implements StatementKind {}

  /**
   * DO: an anonymous code block.
   *
   * @param language lower case, plpgsql when not given
   */
  record Do(String language, String code) implements StatementKind {}

  /** CALL of a procedure; its arguments' effects are in the statement's. */
  record Call(Name procedure) implements StatementKind {}

  /** EXPLAIN; with {@code analyze} the inner statement runs. */
  record Explain(boolean analyze, Statement inner) implements StatementKind {}
}
