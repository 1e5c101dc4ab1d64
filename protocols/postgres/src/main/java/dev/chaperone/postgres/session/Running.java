package dev.chaperone.postgres.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.chaperone.core.gate.Gate;
import dev.chaperone.core.gate.Outcome;
import dev.chaperone.core.gate.Run;
import dev.chaperone.core.session.EntrySpace;
import dev.chaperone.core.session.EntryTypes;
import dev.chaperone.core.session.Session;
import dev.chaperone.journal.JournalUnavailableException;
import dev.chaperone.postgres.wire.Body;
import dev.chaperone.postgres.wire.ErrorFields;
import dev.chaperone.postgres.wire.Messages;
import dev.chaperone.postgres.wire.ProtocolViolationException;
import dev.chaperone.sql.StatementKind;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The commands that the server works on: their rows are masked and kept, their outcomes recorded,
 * and what they change of the session's names is noted. Belongs to the response pump.
 */
final class Running {
  private static final int MOST_MESSAGE_BYTES = 3_000;

  private final Session session;
  private final Gate gate;
  private final SessionState state;
  private final Showing showing;
  private final ResolvedMasks masks;
  private final CopyAnswers copies;
  private final Map<String, Portal> open = new HashMap<>();
  private @Nullable RowShape simpleShape;
  private int simpleStatement;
  private @Nullable ErrorFields simpleError;
  private boolean mayCarryValues;
  private boolean catalogueTouched;

  Running(
      Session session,
      Gate gate,
      SessionState state,
      Showing showing,
      InFlight inFlight,
      byte[] hashKey) {
    this.session = session;
    this.gate = gate;
    this.state = state;
    this.showing = showing;
    this.masks = new ResolvedMasks(hashKey);
    this.copies = new CopyAnswers(showing, inFlight, this::shaped);
  }

  /**
   * Whether errors and notices may carry masked values: so it is from a command with masks to the
   * end of its transaction, whose deferred checks may speak of it. A cursor that lives longer is
   * read by commands that reach what it reads.
   */
  boolean mayCarryValues() {
    return mayCarryValues;
  }

  /** Whose next message of this type need not be held, if it may pass as it comes. */
  Optional<Run> streams(@Nullable Expected head, byte type) {
    return switch (head) {
      case Expected.Simple(var execution) when type == Messages.DATA_ROW ->
          simpleShape == null || isMasked(execution, simpleShape)
              ? Optional.empty()
              : Optional.of(execution.run());
      case Expected.Executed(var portal, var execution) when type == Messages.DATA_ROW ->
          isMasked(execution, portal.shape()) ? Optional.empty() : Optional.of(execution.run());
      case Expected.Simple(var execution) -> copies.streams(execution);
      case Expected.Executed(var _, var execution) -> copies.streams(execution);
      case null, default -> Optional.empty();
    };
  }

  /** Whether rows of this shape must be held to be masked. */
  private boolean isMasked(Execution execution, @Nullable RowShape shape) {
    return !execution.run().masking().isEmpty() && (shape == null || shape.isMasked());
  }

  /** One message of a simple query's response, but errors and its end. */
  void simple(Execution execution, byte type, byte[] message)
      throws IOException, JournalUnavailableException {
    var run = execution.run();
    switch (type) {
      case Messages.ROW_DESCRIPTION -> {
        simpleShape = shaped(execution, RowShape.read(Body.ofMessage(message)));
        Rows.keepColumns(run, simpleShape);
        showing.response(run, message);
      }
      case Messages.DATA_ROW ->
          row(execution, simpleShape, namedAsByClient(execution, simpleStatement, message), null);
      case Messages.COMMAND_COMPLETE, Messages.EMPTY_QUERY -> {
        simpleShape = null;
        copies.completed(run, message);
        completed(execution, simpleStatement++);
        showing.response(run, message);
      }
      default -> copies.answer(execution, simpleStatement, type, message);
    }
  }

  /** The simple query failed; its end is still to come. */
  void simpleFailed(Execution execution, ErrorFields error) throws IOException {
    simpleError = error;
    copies.failed(execution.run());
    noteEffects(execution);
    showing.response(execution.run(), shown(error));
  }

  /** The simple query is over. */
  void simpleEnded(Execution execution) throws IOException, JournalUnavailableException {
    showing.release();
    var error = simpleError;
    gate.close(execution.run(), error == null ? Outcome.of(Outcome.How.COMPLETED) : outcome(error));
    distrustNames(execution, null);
    closePortal(""); // a simple query destroys the unnamed portal
    state.portals().confirm("", null);
    simpleShape = null;
    simpleStatement = 0;
    simpleError = null;
  }

  /** A portal was bound; one of the same name before it is over. */
  void bound(String name, Portal portal) throws IOException, JournalUnavailableException {
    closePortal(name);
    state.closedCursor(name); // cursors and portals have one name space on the server
    open.put(name, portal);
    noteEffects(portal.execution());
    distrustNames(portal.execution(), portal); // planning alone can run code
  }

  /** A portal's rows are known. */
  void described(Portal portal, RowShape shape) {
    if (portal.shape() == null) {
      Rows.keepColumns(portal.execution().run(), shape);
    }
    portal.shape(shaped(portal.execution(), shape));
  }

  /**
   * One message of an Execute's response, but errors.
   *
   * @return whether it was the last
   */
  boolean executed(Expected.Executed executed, byte type, byte[] message)
      throws IOException, JournalUnavailableException {
    var execution = executed.execution();
    var run = execution.run();
    if (run.isClosed()) {
      throw unexpected(type);
    }
    begun(executed.portal(), execution);
    return switch (type) {
      case Messages.DATA_ROW -> {
        var shown = namedAsByClient(execution, 0, message);
        row(execution, executed.portal().shape(), shown, executed.portal());
        yield false;
      }
      case Messages.PORTAL_SUSPENDED -> {
        showing.response(run, message);
        distrustNames(execution, executed.portal());
        yield true;
      }
      case Messages.COMMAND_COMPLETE, Messages.EMPTY_QUERY -> {
        copies.completed(run, message);
        completed(execution, 0);
        showing.response(run, message);
        showing.release();
        gate.close(run, Outcome.of(Outcome.How.COMPLETED));
        distrustNames(execution, null);
        yield true;
      }
      default -> {
        copies.answer(execution, 0, type, message);
        yield false;
      }
    };
  }

  /** A Bind or Execute failed. */
  void failed(Execution execution, ErrorFields error)
      throws IOException, JournalUnavailableException {
    noteEffects(execution);
    var run = execution.run();
    if (run.isClosed()) {
      showing.error(error, mayCarryValues);
      return;
    }
    copies.failed(run);
    showing.response(run, shown(error));
    showing.release();
    gate.close(run, outcome(error));
    distrustNames(execution, null);
  }

  private void distrustNames(Execution execution, @Nullable Portal running) {
    if (execution.understanding().mayReplaceNames()) {
      state.distrustNames(running);
    }
  }

  /** The transaction's end failed after its commands had completed. */
  void transactionFailed(ErrorFields error) throws JournalUnavailableException {
    session.enqueue(
        EntryTypes.TRANSACTION_FAILED,
        fields -> {
          session.describe(fields);
          fields.object(
              "error",
              inner ->
                  inner
                      .put("code", error.sqlState())
                      .put(
                          "message",
                          EntrySpace.cut(
                              mayCarryValues ? error.withheld().message() : error.message(),
                              MOST_MESSAGE_BYTES)));
        });
  }

  /** The server never began this, since something before it failed. */
  void skipped(Expected expected) throws JournalUnavailableException {
    lost(expected, Outcome.of(Outcome.How.SKIPPED));
  }

  /** How it went will never be known. */
  void lost(Expected expected, Outcome outcome) throws JournalUnavailableException {
    switch (expected) {
      case Expected.Simple(var execution) -> gate.close(execution.run(), outcome);
      case Expected.Bound(var _, var portal) -> gate.close(portal.execution().run(), outcome);
      case Expected.Executed(var _, var execution) -> gate.close(execution.run(), outcome);
      case Expected _ -> {}
    }
  }

  /** A portal is gone. */
  void closePortal(String name) throws IOException, JournalUnavailableException {
    var portal = open.remove(name);
    if (portal != null) {
      showing.release(); // what the client sees of it belongs to its record
      end(portal);
    }
  }

  /** The transaction is over, and so are its portals. */
  void transactionEnded() throws IOException, JournalUnavailableException {
    showing.release();
    abandonPortals();
    state.portals().confirmNone();
    state.closedCursors(); // one that is held beyond its transaction counts as not known
  }

  /** The session is over, and so are its portals; the client sees nothing more. */
  void abandonPortals() throws JournalUnavailableException {
    for (Portal portal : open.values()) {
      end(portal);
    }
    open.clear();
  }

  /** A portal goes on as another command: the one before is over. */
  private void begun(Portal portal, Execution execution)
      throws IOException, JournalUnavailableException {
    if (!portal.begun().equals(execution)) {
      showing.release();
      end(portal);
      noteEffects(execution);
      portal.begun(execution);
    }
  }

  private void end(Portal portal) throws JournalUnavailableException {
    var run = portal.begun().run();
    gate.close(run, Outcome.of(run.rows() > 0 ? Outcome.How.PARTIAL : Outcome.How.UNUSED));
  }

  private void row(
      Execution execution, @Nullable RowShape shape, byte[] message, @Nullable Portal portal)
      throws IOException, JournalUnavailableException {
    var run = execution.run();
    if (shape == null && (portal == null || !run.masking().isEmpty())) {
      throw new ProtocolViolationException("a row whose columns are not known");
    }
    run.countRow();
    boolean masked = shape != null && shape.isMasked();
    if (!masked && !run.keepsOutput()) {
      showing.response(run, message);
      return;
    }
    var values = Rows.values(Body.ofMessage(message));
    if (shape != null && shape.columns().size() != values.size()) {
      throw new ProtocolViolationException("a row of other columns than were described");
    }
    var shownValues = masked && shape != null ? Rows.masked(values, shape) : values;
    if (run.keepsOutput()) {
      if (portal != null) {
        Rows.keep(run, shownValues, shape, portal);
      } else {
        Rows.keepText(run, shownValues, shape);
      }
    }
    showing.response(run, masked ? Rows.message(shownValues) : message);
  }

  /** Asked by SHOW for the session's name, the client is shown its own instead of the gateway's. */
  private byte[] namedAsByClient(Execution execution, int statement, byte[] row)
      throws ProtocolViolationException {
    var statements = execution.understanding().statements();
    if (statement < statements.size()
        && statements.get(statement).kind() instanceof StatementKind.ShowSetting(var name)
        && name.equals("application_name")
        && state.applicationName().isOfGateway(Rows.texts(Body.ofMessage(row)).getFirst())) {
      return Rows.message(List.of(state.applicationName().forClient().getBytes(UTF_8)));
    }
    return row;
  }

  private RowShape shaped(Execution execution, RowShape shape) {
    var run = execution.run();
    if (run.masking().isEmpty()) {
      return shape;
    }
    var resolved = masks.of(run.masking(), state.catalogue()).of(run.command(), shape.columns());
    for (int i = 0; i < resolved.size(); i++) {
      if (resolved.get(i).isPresent()) {
        run.maskedColumn(shape.columns().get(i).name());
      }
    }
    return shape.with(resolved);
  }

  /** The server says something while it works on this. */
  void begins(@Nullable Expected expected) {
    switch (expected) {
      case Expected.Simple(var execution) -> noteEffects(execution);
      case Expected.Bound bound -> noteEffects(bound.portal().execution());
      case null, default -> {}
    }
  }

  /**
   * Whether something since the last transaction's end may have changed the catalogue.
   *
   * @param status how the transaction stands now
   */
  boolean mayHaveChangedCatalogue(char status) {
    boolean touched = catalogueTouched;
    catalogueTouched &= status != 'I';
    return touched;
  }

  /** No transaction is open, so nothing that ran speaks any more. */
  void allIsSaid() {
    mayCarryValues = false;
  }

  private void noteEffects(Execution execution) {
    var run = execution.run();
    catalogueTouched |= execution.understanding().mayChangeCatalogue();
    mayCarryValues |=
        !run.masking().isEmpty()
            && masks.of(run.masking(), state.catalogue()).errorsMayCarryValues(run.command());
  }

  private byte[] shown(ErrorFields error) {
    return (mayCarryValues ? error.withheld() : error).message(Messages.ERROR);
  }

  private Outcome outcome(ErrorFields error) {
    var shown = mayCarryValues ? error.withheld() : error;
    return Outcome.failed(shown.sqlState(), shown.message());
  }

  /** Notes what a statement that completed has changed of the session's names. */
  private void completed(Execution execution, int statement) {
    noteEffects(execution);
    var statements = execution.understanding().statements();
    if (statement < statements.size()) {
      Completed.note(statements.get(statement), session, state);
    }
  }

  private static ProtocolViolationException unexpected(byte type) {
    return new ProtocolViolationException(
        "a message of type '" + (char) type + "' from the target in a command's response");
  }
}
