package dev.chaperone.postgres.session;

import dev.chaperone.core.gate.Outcome;
import dev.chaperone.journal.JournalUnavailableException;
import dev.chaperone.postgres.handshake.UpstreamException;
import dev.chaperone.postgres.wire.Body;
import dev.chaperone.postgres.wire.ErrorFields;
import dev.chaperone.postgres.wire.MessageBuilder;
import dev.chaperone.postgres.wire.MessageReader;
import dev.chaperone.postgres.wire.Messages;
import dev.chaperone.postgres.wire.ProtocolViolationException;
import dev.chaperone.wire.Frames;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads what the server answers, in the order of what was asked, masks and records it, and shows it
 * to the client. Puts refusals in the place of their companions' errors. Runs on a thread of its
 * own until the server leaves or something fails.
 */
final class ResponsePump {
  /** A longer message is streamed if it is a row without a mask, and ends the session otherwise. */
  private static final int MAX_MESSAGE_BYTES = 16 << 20;

  private static final int STREAMED_FROM_BYTES = 64 << 10;

  private final MessageReader server;
  private final InFlight inFlight;
  private final SessionState state;
  private final Showing showing;
  private final Running running;
  private final Runnable catalogueChanged;
  private boolean failed;
  private boolean refusalShown;

  /**
   * @param catalogueChanged is told of every possible change, before the client learns that it is
   *     there: whoever the client tells is then decided on the new catalogue
   */
  ResponsePump(
      MessageReader server,
      InFlight inFlight,
      SessionState state,
      Showing showing,
      Running running,
      Runnable catalogueChanged) {
    this.server = server;
    this.inFlight = inFlight;
    this.state = state;
    this.showing = showing;
    this.running = running;
    this.catalogueChanged = catalogueChanged;
  }

  /** Serves the server's answers until it leaves. */
  void run() throws IOException, JournalUnavailableException {
    while (true) {
      if (!server.nextIsBuffered()) {
        showing.flush();
      }
      if (!next()) {
        showing.flush();
        return;
      }
      answer();
    }
  }

  private boolean next() throws IOException {
    try {
      return server.next();
    } catch (ProtocolViolationException e) {
      throw e;
    } catch (IOException e) {
      throw lost(e);
    }
  }

  private byte[] message() throws IOException {
    try {
      return server.message();
    } catch (IOException e) {
      throw lost(e);
    }
  }

  private static UpstreamException lost(IOException e) {
    return new UpstreamException("08006", "the target's connection failed: " + e.getMessage(), e);
  }

  private void answer() throws IOException, JournalUnavailableException {
    byte type = server.type();
    boolean carriesRows = type == Messages.DATA_ROW || type == Messages.COPY_DATA;
    if (carriesRows && server.bodyLength() > STREAMED_FROM_BYTES) {
      var run = running.streams(inFlight.head(), type);
      if (run.isPresent()) {
        showing.stream(run.get(), server, type == Messages.DATA_ROW);
        return;
      }
    }
    if (server.bodyLength() > MAX_MESSAGE_BYTES) {
      throw new ProtocolViolationException(
          "a message of " + server.bodyLength() + " bytes from the target, which cannot be masked");
    }
    var message = message();
    switch (type) {
      case Messages.NOTICE -> notice(message);
      case Messages.NOTIFICATION -> notification(message);
      case Messages.PARAMETER_STATUS -> parameterStatus(message);
      case Messages.ERROR -> error(ErrorFields.read(Body.ofMessage(message)));
      case Messages.READY_FOR_QUERY -> ready(message);
      default -> expected(type, message);
    }
  }

  private void expected(byte type, byte[] message) throws IOException, JournalUnavailableException {
    if (failed) { // the server reads over everything up to Sync
      throw unexpected(type);
    }
    switch (inFlight.head()) {
      case Expected.Simple(var execution) -> running.simple(execution, type, message);
      case Expected.Parsed parsed when type == Messages.PARSE_COMPLETE -> {
        state.statements().confirm(parsed.name(), parsed.statement());
        showing.protocol("parsed", message);
        inFlight.answered();
      }
      case Expected.Bound bound when type == Messages.BIND_COMPLETE -> {
        running.bound(bound.name(), bound.portal());
        state.portals().confirm(bound.name(), bound.portal());
        showing.protocol("bound", message);
        inFlight.answered();
      }
      case Expected.Described described -> described(described, type, message);
      case Expected.Executed executed -> {
        if (running.executed(executed, type, message)) {
          inFlight.answered();
        }
      }
      case Expected.Closed closed when type == Messages.CLOSE_COMPLETE -> {
        closed(closed);
        showing.protocol("closed", message);
        inFlight.answered();
      }
      case Expected.Outlined(var answer, var _) -> {
        if (outlined(answer, type, message)) {
          inFlight.answered();
        }
      }
      case Expected.Asked(var answer) -> {
        if (asked(answer, type, message)) {
          inFlight.answered();
        }
      }
      case null, default -> throw unexpected(type);
    }
  }

  private void described(Expected.Described described, byte type, byte[] message)
      throws IOException, JournalUnavailableException {
    var portal = described.portal();
    switch (type) {
      case Messages.PARAMETER_DESCRIPTION -> {
        var types = described.types();
        if (types == null) {
          throw unexpected(type);
        }
        types.told(parameterTypes(Body.ofMessage(message)));
        showing.protocol("description", message);
        return;
      }
      case Messages.ROW_DESCRIPTION -> {
        if (portal != null) {
          running.described(portal, RowShape.read(Body.ofMessage(message)));
        }
      }
      case Messages.NO_DATA -> {}
      default -> throw unexpected(type);
    }
    if (!described.own()) {
      showing.protocol("description", message);
    }
    inFlight.answered();
  }

  private static List<Integer> parameterTypes(Body body) throws ProtocolViolationException {
    int count = body.count();
    var types = new ArrayList<Integer>();
    for (int i = 0; i < count; i++) {
      types.add(body.int32());
    }
    body.end("ParameterDescription");
    return types;
  }

  private void closed(Expected.Closed closed) throws IOException, JournalUnavailableException {
    if (closed.statement()) {
      state.statements().confirm(closed.name(), null);
    } else {
      running.closePortal(closed.name());
      state.portals().confirm(closed.name(), null);
    }
  }

  private static boolean outlined(Expected.Description answer, byte type, byte[] message)
      throws ProtocolViolationException {
    switch (type) {
      case Messages.PARSE_COMPLETE, Messages.PARAMETER_DESCRIPTION, Messages.NO_DATA -> {}
      case Messages.ROW_DESCRIPTION -> answer.shape(RowShape.read(Body.ofMessage(message)));
      case Messages.CLOSE_COMPLETE -> {
        answer.closed();
        return true;
      }
      default -> throw unexpected(type);
    }
    return false;
  }

  private static boolean asked(Expected.Answer answer, byte type, byte[] message)
      throws ProtocolViolationException {
    return switch (type) {
      case Messages.DATA_ROW -> {
        answer.row(Rows.texts(Body.ofMessage(message)));
        yield false;
      }
      case Messages.CLOSE_COMPLETE -> answer.closed();
      case Messages.PARSE_COMPLETE, Messages.BIND_COMPLETE, Messages.COMMAND_COMPLETE -> false;
      default -> throw unexpected(type);
    };
  }

  private void error(ErrorFields error) throws IOException, JournalUnavailableException {
    switch (inFlight.head()) {
      case Expected.Simple(var execution) -> running.simpleFailed(execution, error);
      case Expected.SimpleRefused(var refusal) -> {
        showing.own("refusal", refusal);
        refusalShown = true;
      }
      case Expected.Refused(var refusal) -> {
        showing.own("refusal", refusal);
        segmentFailed();
      }
      case Expected.Executed executed -> {
        running.failed(executed.execution(), error);
        segmentFailed();
      }
      case Expected.Bound bound -> {
        running.failed(bound.portal().execution(), error);
        segmentFailed();
      }
      case Expected.Outlined(var answer, var within) -> {
        if (within) {
          showing.error(error, running.mayCarryValues());
        }
        answer.fail(running.mayCarryValues() ? error.withheld() : error);
        segmentFailed();
      }
      case Expected.Asked _ -> { // whoever asked is woken by the session's end
        throw new UpstreamException(
            error.sqlState(),
            "the target refused a question of the gateway's own: "
                + (running.mayCarryValues() ? error.withheld() : error).message(),
            null);
      }
      case Expected.Parsed _, Expected.Described _, Expected.Closed _ -> {
        showing.error(error, running.mayCarryValues());
        segmentFailed();
      }
      case Expected.Synced
              _ -> { // the end of the transaction failed, for example by a deferred check
        running.transactionFailed(error);
        showing.error(error, running.mayCarryValues());
      }
      case Expected.AskedSync _ -> throw unexpected(Messages.ERROR);
      case null -> showing.error(error, running.mayCarryValues());
    }
    if (error.isFatal()) {
      showing.flush();
    }
  }

  private void segmentFailed() {
    failed = true;
    inFlight.failed();
  }

  private void ready(byte[] message) throws IOException, JournalUnavailableException {
    var body = Body.ofMessage(message);
    char status = (char) body.int8();
    body.end("ReadyForQuery");
    if ("ITE".indexOf(status) < 0) {
      throw new ProtocolViolationException("a transaction state that does not exist");
    }
    var head = inFlight.head();
    while (failed && head != null && !head.endsSegment()) {
      running.skipped(head);
      inFlight.answered();
      head = inFlight.head();
    }
    failed = false;
    if (head instanceof Expected.SimpleRefused && !refusalShown) {
      throw new ProtocolViolationException("ready although a refused text has not failed");
    }
    refusalShown = false;
    if (head == null || !head.endsSegment()) {
      throw new ProtocolViolationException("ready although something is not answered");
    }
    state.status(status);
    if (running.mayHaveChangedCatalogue(status)) {
      catalogueChanged.run();
    }
    if (head instanceof Expected.Simple(var execution)) {
      running.simpleEnded(execution);
    }
    if (status != 'T') {
      running.transactionEnded();
    }
    if (status == 'I') {
      running.allIsSaid();
    }
    if (!(head instanceof Expected.AskedSync)) {
      state.statements().segmentEnded();
      state.portals().segmentEnded();
      applicationName(state.applicationName().due());
      showing.protocol("ready", message);
    }
    inFlight.segmentEnded();
  }

  private void notice(byte[] message) throws IOException, JournalUnavailableException {
    if (inFlight.head() instanceof Expected.Asked || inFlight.head() instanceof Expected.Outlined) {
      return;
    }
    running.begins(inFlight.head());
    if (running.mayCarryValues()) {
      var notice = ErrorFields.read(Body.ofMessage(message)).withheld();
      showing.protocol("notice", notice.message(Messages.NOTICE));
    } else {
      showing.protocol("notice", message);
    }
  }

  private void notification(byte[] message) throws IOException, JournalUnavailableException {
    var body = Body.ofMessage(message);
    body.int32();
    var channel = body.string();
    var payload = body.string();
    showing.notification(channel, payload, Frames.of(message));
  }

  private void parameterStatus(byte[] message) throws IOException, JournalUnavailableException {
    var body = Body.ofMessage(message);
    var name = body.string();
    var value = body.string();
    Pinned.require(name, value);
    state.reported(name, value);
    if (name.equals("application_name")) {
      boolean byGateway = inFlight.head() instanceof Expected.AskedSync;
      applicationName(state.applicationName().reported(value, byGateway));
    } else {
      showing.protocol("parameter", message);
    }
  }

  /** The client is shown the name that it gave itself, never the gateway's. */
  private void applicationName(Optional<String> shown)
      throws IOException, JournalUnavailableException {
    if (shown.isPresent()) {
      var status = new MessageBuilder().begin(Messages.PARAMETER_STATUS);
      showing.protocol(
          "parameter", status.string("application_name").string(shown.get()).end().toArray());
    }
  }

  /** Closes what is still open: the connection is over. */
  void abandon() throws JournalUnavailableException {
    var outcome = Outcome.of(Outcome.How.LOST);
    for (var head = inFlight.head(); head != null; head = inFlight.head()) {
      running.lost(head, outcome);
      inFlight.answered();
    }
    running.abandonPortals();
  }

  private static ProtocolViolationException unexpected(byte type) {
    return new ProtocolViolationException(
        "a message of type '" + (char) type + "' from the target that answers nothing");
  }
}
