package dev.chaperone.postgres.session;

import dev.chaperone.core.session.Session;
import dev.chaperone.sql.Reading;
import dev.chaperone.sql.Statement;
import dev.chaperone.sql.StatementKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a statement that has completed changes of what is known of its session. */
final class Completed {
  private Completed() {}

  /** Notes the names, the intent and the client's own name. Called by the response pump. */
  static void note(Statement statement, Session session, SessionState state) {
    names(statement, state);
    for (var change : statement.settings()) {
      if ("chaperone.intent".equals(change.name())) {
        session.intent(session.intent().withText(change.reset() ? null : change.value()));
      }
      if (change.reset()
          && ("application_name".equals(change.name()) || "all".equals(change.name()))) {
        state.applicationName().resetByClient();
      }
    }
  }

  private static void names(Statement statement, SessionState state) {
    switch (statement.kind()) {
      case StatementKind.Prepare(var name, var inner) ->
          state
              .statements()
              .confirm(
                  name,
                  new NamedStatement(
                      inner.text(),
                      new Reading.Understood(List.of(inner)),
                      ParameterTypes.NONE,
                      true));
      case StatementKind.Deallocate(var name) -> forget(name, state);
      case StatementKind.Discard(var what) when what == StatementKind.DiscardTarget.ALL -> {
        state.statements().confirmNone();
        state.closedCursors();
      }
      case StatementKind.Transaction(var action, var _, var _)
          when action == StatementKind.TransactionAction.ROLLBACK_TO ->
          state.closedCursors();
      case StatementKind.DeclareCursor(var name, var _, var inner) -> state.declared(name, inner);
      case StatementKind.CloseCursor(var name) -> {
        if (name == null) {
          state.closedCursors();
          state.portals().confirmNone();
        } else {
          state.closedCursor(name);
          state.portals().confirm(name, null);
        }
      }
      case StatementKind _ -> {}
    }
  }

  private static void forget(@Nullable String name, SessionState state) {
    if (name == null) {
      state.statements().confirmNone();
    } else {
      state.statements().confirm(name, null);
    }
  }
}
