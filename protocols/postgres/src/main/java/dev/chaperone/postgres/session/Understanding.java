package dev.chaperone.postgres.session;

import dev.chaperone.core.command.Command;
import dev.chaperone.core.command.Effect;
import dev.chaperone.postgres.meaning.Outcome;
import dev.chaperone.sql.Reading;
import dev.chaperone.sql.Statement;
import dev.chaperone.sql.StatementKind;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A text with its meaning, and what the session must know besides.
 *
 * @param command what is decided
 * @param outcome where it comes from
 * @param statements what it consists of, in order; empty when it cannot be read
 * @param flaw how a server would say why it cannot run, if it cannot
 */
record Understanding(
    Command command, Outcome outcome, List<Statement> statements, @Nullable Flaw flaw) {
  private static final Set<Effect> CHANGING =
      EnumSet.of(Effect.UNKNOWN, Effect.EXECUTE, Effect.PRIVILEGE, Effect.SCHEMA);

  /**
   * Why a text cannot run, as a server would say it.
   *
   * @param sqlState for the client
   * @param position in the text, in characters from 1; 0 for none
   */
  record Flaw(String sqlState, int position) {}

  Understanding {
    statements = List.copyOf(statements);
  }

  /** Before anything was read. */
  static final Understanding NOTHING =
      new Understanding(
          new Command.Unreadable("", "nothing was read"),
          new Outcome(new Command.Unreadable("", "nothing was read"), List.of(), List.of(), null),
          List.of(),
          null);

  /** What the grammar and the catalogue made of a text. */
  static Understanding of(String text, Reading reading, Outcome outcome) {
    return switch (reading) {
      case Reading.SyntaxError(var message, var position) ->
          new Understanding(
              new Command.Unreadable(text, message),
              outcome,
              List.of(),
              new Flaw("42601", position));
      case Reading.Unreadable(var why) ->
          new Understanding(
              new Command.Unreadable(text, why), outcome, List.of(), new Flaw("54000", 0));
      case Reading.Understood(var statements) ->
          new Understanding(outcome.command(), outcome, statements, null);
    };
  }

  /** Whether the client sends data to it: COPY FROM STDIN. */
  boolean takesCopyData() {
    return statements.stream().anyMatch(statement -> isCopy(statement, true));
  }

  /** Whether it sends data to the client without describing it: COPY TO STDOUT. */
  boolean returnsCopyData() {
    return statements.stream().anyMatch(statement -> isCopy(statement, false));
  }

  /** Whether a statement is a COPY with the client's connection at its other end. */
  static boolean isCopy(Statement statement, boolean toServer) {
    return statement.kind() instanceof StatementKind.Copy copy
        && copy.toServer() == toServer
        && copy.end() == StatementKind.CopyEnd.CLIENT;
  }

  /**
   * Whether what follows must be read in the light of its outcome: it may change settings, names or
   * the catalogue. Plain transaction control does so only when something in the transaction did.
   *
   * @param transactionTouched whether something in the open transaction did
   */
  boolean changesState(boolean transactionTouched) {
    if (outcome.changesSettings() || command.effects().stream().anyMatch(CHANGING::contains)) {
      return true;
    }
    return statements.stream()
        .anyMatch(statement ->
            switch (statement.kind()) {
              case StatementKind.Plain _, StatementKind.ShowSetting _ -> false;
              case StatementKind.Fetch _, StatementKind.Explain _, StatementKind.Copy _ -> false;
              case StatementKind.Listen _, StatementKind.Unlisten _, StatementKind.Notify _ ->
                  false;
              case StatementKind.Transaction _ -> transactionTouched;
              case StatementKind _ -> true;
            });
  }

  /**
   * Whether it is SET TRANSACTION alone: the server takes it before any query of the transaction,
   * the gateway's own included, and it means the same whatever else was set.
   */
  static boolean isBeforeAnyQuery(Reading reading) {
    return reading instanceof Reading.Understood(var statements)
        && !statements.isEmpty()
        && statements.stream()
            .allMatch(statement ->
                statement.kind() instanceof StatementKind.SetSetting
                    && !statement.settings().isEmpty()
                    && statement.settings().stream()
                        .allMatch(change ->
                            "transaction".equals(change.name())
                                || "transaction snapshot".equals(change.name())));
  }

  /** Whether it may end a transaction, among whatever else it does. */
  boolean endsTransaction() {
    return statements.stream().anyMatch(s -> s.kind() instanceof StatementKind.Transaction);
  }

  /** Whether the catalogue may be another one after it. */
  boolean mayChangeCatalogue() {
    var effects = command.effects();
    return effects.contains(Effect.SCHEMA)
        || effects.contains(Effect.PRIVILEGE)
        || effects.contains(Effect.UNKNOWN);
  }

  /** Whether it may have put other statements and cursors in the place of those that are known. */
  boolean mayReplaceNames() {
    return command.effects().contains(Effect.UNKNOWN)
        || command.effects().contains(Effect.EXECUTE)
        || command.effects().contains(Effect.SCHEMA); // a prepared name stays what it was bound to
  }

  /**
   * The same command, as one that may do anything, since its statement may have been replaced.
   *
   * @param session a grant of it counts in this session alone
   */
  Understanding distrusted(String session) {
    if (!(command instanceof Command.Statement statement)) {
      return this;
    }
    var effects = EnumSet.of(Effect.UNKNOWN);
    effects.addAll(statement.effects());
    var settings = new TreeMap<>(statement.settings());
    settings.put("statement", "may have been replaced in session " + session);
    var anything =
        new Command.Statement(
            statement.text(),
            statement.parameters(),
            effects,
            statement.relations(),
            statement.functions(),
            statement.database(),
            settings,
            true);
    return new Understanding(anything, outcome, statements, flaw);
  }
}
