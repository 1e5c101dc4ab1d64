package dev.chaperone.postgres.session;

import dev.chaperone.core.command.Command;
import dev.chaperone.core.gate.Gate;
import dev.chaperone.core.gate.Passage;
import dev.chaperone.core.gate.Run;
import dev.chaperone.journal.JournalUnavailableException;
import dev.chaperone.postgres.wire.Body;
import dev.chaperone.postgres.wire.ProtocolViolationException;
import dev.chaperone.sql.Reading;
import dev.chaperone.wire.Frames;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The extended protocol's requests. A Parse is kept back until its Bind is decided, so that a held
 * statement does not sit on the server with its locks; when something else needs it first, it goes
 * ahead as prepared. Everything that can run code is decided at Bind, with the bound values.
 */
final class ExtendedRequests {
  /** NAMEDATALEN - 1. */
  private static final int MAX_NAME_BYTES = 63;

  private final Conversation conversation;
  private final SessionState state;
  private final CopyIn copyIn;
  private final CopyOut copyOut;
  private @Nullable PendingParse pending;

  private record PendingParse(String name, Frames frames, NamedStatement statement) {}

  ExtendedRequests(Conversation conversation, CopyIn copyIn, CopyOut copyOut) {
    this.conversation = conversation;
    this.copyIn = copyIn;
    this.copyOut = copyOut;
    this.state = conversation.state();
  }

  void parse(byte[] message) throws IOException, InterruptedException, JournalUnavailableException {
    if (!releaseParse()) {
      return;
    }
    var body = Body.ofMessage(message);
    String name;
    String text;
    try {
      name = body.string();
      text = body.string();
    } catch (ProtocolViolationException e) {
      refuse(new Command.Unreadable("(not UTF-8)", "a name or text is not UTF-8"), "22021");
      return;
    }
    if (isTooLong(name)) {
      return;
    }
    int count = body.count();
    var types = new ArrayList<Integer>();
    for (int i = 0; i < count; i++) {
      types.add(body.int32());
    }
    body.end("Parse");
    if (!name.isEmpty() && !state.statements().hasRoom()) {
      refuse(new Command.Unreadable(text, "too many prepared statements"), "54000");
      return;
    }
    var statement =
        new NamedStatement(text, conversation.read(text), new ParameterTypes(types), true);
    pending = new PendingParse(name, Frames.of(message), statement);
    if (!(statement.reading() instanceof Reading.Understood)) {
      releaseParse(); // what cannot be read is refused where it stands
    }
  }

  /**
   * Sends a Parse that was kept back, if there is one.
   *
   * @return false when it was refused, or the rest of the segment is dropped
   */
  boolean releaseParse() throws IOException, InterruptedException, JournalUnavailableException {
    var parse = pending;
    if (parse == null || conversation.isDiscarding()) {
      pending = null;
      return !conversation.isDiscarding();
    }
    pending = null;
    var statement = parse.statement();
    var understanding = conversation.understand(statement.text(), statement.reading(), List.of());
    if (conversation.isDiscarding()) {
      return false;
    }
    switch (conversation.gate().prepare(understanding.command(), parse.name(), parse.frames())) {
      case Gate.Permit permit -> {
        conversation.send(new Expected.Parsed(permit.admitted(), parse.name(), statement), permit);
        state.statements().change(parse.name(), statement);
        return true;
      }
      case Passage.Refusal refusal -> {
        refused(refusal, understanding.flaw());
        return false;
      }
    }
  }

  void bind(byte[] message) throws IOException, InterruptedException, JournalUnavailableException {
    var bind = BindMessage.read(message);
    if (isTooLong(bind.portal()) || isTooLong(bind.statement())) {
      return;
    }
    var parse = pending;
    if (parse != null && !parse.name().equals(bind.statement())) {
      if (!releaseParse()) {
        return;
      }
      parse = null;
    }
    pending = null;
    var statement = parse != null ? parse.statement() : find(state.statements(), bind.statement());
    if (conversation.isDiscarding()) {
      return;
    }
    if (statement == null) {
      refuse(
          new Command.Unreadable(
              "(bind)", "prepared statement \"" + bind.statement() + "\" does not exist"),
          "26000");
      return;
    }
    if (!state.portals().hasRoom()) {
      refuse(new Command.Unreadable(statement.text(), "too many portals"), "54000");
      return;
    }
    admit(bind, message, statement, parse);
  }

  private void admit(
      BindMessage bind, byte[] message, NamedStatement statement, @Nullable PendingParse parse)
      throws IOException, InterruptedException, JournalUnavailableException {
    Conversation.Again reading = () -> understood(bind, statement);
    var first = reading.read();
    if (conversation.isDiscarding()) {
      return;
    }
    var frames = parse == null ? Frames.of(message) : joined(parse.frames(), message);
    var admission = conversation.admit(first, frames, reading);
    var understanding = admission.understanding();
    switch (admission.passage()) {
      case Gate.Permit permit when permit.admitted() instanceof Run run -> {
        var execution = copyOut.execution(run, understanding, true);
        if (execution == null) {
          forget(parse);
          return;
        }
        if (parse != null) {
          conversation.expect(new Expected.Parsed(run, parse.name(), statement));
          state.statements().change(parse.name(), statement);
        }
        var portal = new Portal(execution, bind.resultFormats());
        conversation.send(new Expected.Bound(bind.portal(), portal), permit);
        state.portals().change(bind.portal(), portal);
        conversation.began(understanding);
        if (!run.masking().isEmpty()) {
          conversation.send(
              new Expected.Described(portal, null, true),
              conversation.own().describePortal(bind.portal()));
        }
      }
      case Gate.Permit _ -> throw new IllegalStateException("a Bind is run, not prepared");
      case Passage.Refusal refusal -> {
        forget(parse);
        refused(refusal, understanding.flaw());
      }
    }
  }

  /** A Parse that was kept back is dropped with its Bind. */
  private void forget(@Nullable PendingParse parse) {
    if (parse != null) {
      state.statements().change(parse.name(), null);
    }
  }

  private Understanding understood(BindMessage bind, NamedStatement statement)
      throws IOException, InterruptedException, JournalUnavailableException {
    var understanding =
        conversation.understand(
            statement.text(),
            statement.reading(),
            bind.parameters(statement.types(), state.catalogue()));
    return statement.trusted()
        ? understanding
        : understanding.distrusted(conversation.session().id());
  }

  void describe(byte[] message)
      throws IOException, InterruptedException, JournalUnavailableException {
    if (!releaseParse()) {
      return;
    }
    var named = Named.read(message, "Describe");
    if (isTooLong(named.name())) {
      return;
    }
    Portal portal = null;
    ParameterTypes types = null;
    if (named.isStatement()) {
      var statement = find(state.statements(), named.name());
      if (statement == null) {
        missing("26000", "prepared statement \"" + named.name() + "\" does not exist");
        return;
      }
      types = statement.types();
    } else {
      portal = find(state.portals(), named.name()); // else a cursor of SQL, which shares the names
    }
    if (!conversation.isDiscarding()) {
      conversation.send(
          new Expected.Described(portal, types, false), conversation.own().describe(message));
    }
  }

  void execute(byte[] message)
      throws IOException, InterruptedException, JournalUnavailableException {
    if (!releaseParse()) {
      return;
    }
    var body = Body.ofMessage(message);
    var name = body.string();
    int limit = body.int32();
    body.end("Execute");
    var portal = find(state.portals(), name);
    if (portal == null) {
      missing("34000", "portal \"" + name + "\" does not exist");
      return;
    }
    if (portal.isDistrusted()) {
      executeAgain(
          name, portal, understood(portal).distrusted(conversation.session().id()), message, limit);
      return;
    }
    if (portal.executed() && portal.mayContinue()) {
      conversation.settle(); // whether it ended or can go on, only the server knows
    }
    if (conversation.isDiscarding()) {
      return;
    }
    if (portal.executed() && (!portal.mayContinue() || portal.execution().run().isClosed())) {
      executeAgain(name, portal, understood(portal), message, limit);
      return;
    }
    var permit = further(portal.execution().run(), message);
    if (permit == null) {
      conversation.settle();
      if (!conversation.isDiscarding()) {
        executeAgain(name, portal, understood(portal), message, limit);
      }
      return;
    }
    conversation.send(new Expected.Executed(portal, portal.execution()), permit);
    conversation.began(understood(portal)); // names may change by it once more, after the Bind
    portal.executedWith(limit);
    copyIn.await(portal.execution());
  }

  /** Null when the server has ended the command meanwhile, for example by an error. */
  private Gate.@Nullable Permit further(Run run, byte[] message) {
    if (run.isClosed()) {
      return null;
    }
    try {
      return conversation.gate().further(run, Frames.of(message));
    } catch (IllegalStateException e) { // it ended between the question and here
      return null;
    }
  }

  private static Understanding understood(Portal portal) {
    return portal.execution().understanding();
  }

  /**
   * A portal that has run to its end is another command when it is run once more, and so is one
   * that may have been replaced.
   */
  private void executeAgain(
      String name, Portal portal, Understanding understanding, byte[] message, int limit)
      throws IOException, InterruptedException, JournalUnavailableException {
    var admission = conversation.admit(understanding, Frames.of(message), () -> understanding);
    switch (admission.passage()) {
      case Gate.Permit permit when permit.admitted() instanceof Run run -> {
        var execution = copyOut.execution(run, understanding, true);
        if (execution == null) {
          return;
        }
        portal.execution(execution);
        if (!run.masking().isEmpty()) { // its columns may be others by now
          conversation.send(
              new Expected.Described(portal, null, true), conversation.own().describePortal(name));
        }
        conversation.send(new Expected.Executed(portal, execution), permit);
        conversation.began(understanding);
        portal.executedWith(limit);
        copyIn.await(execution);
      }
      case Gate.Permit _ -> throw new IllegalStateException("an Execute is run, not prepared");
      case Passage.Refusal refusal -> refused(refusal, understanding.flaw());
    }
  }

  void close(byte[] message) throws IOException, InterruptedException, JournalUnavailableException {
    if (!releaseParse()) {
      return;
    }
    var named = Named.read(message, "Close");
    if (isTooLong(named.name())) {
      return;
    }
    conversation.send(
        new Expected.Closed(named.isStatement(), named.name()), conversation.own().close(message));
    if (named.isStatement()) {
      state.statements().change(named.name(), null);
    } else {
      state.portals().change(named.name(), null);
    }
  }

  void flush() throws IOException, InterruptedException, JournalUnavailableException {
    if (releaseParse()) {
      conversation.send(conversation.own().flush());
    }
  }

  void sync() throws IOException, InterruptedException, JournalUnavailableException {
    releaseParse();
    conversation.send(new Expected.Synced(), conversation.own().sync());
    conversation.endSegment();
  }

  /** Refuses what cannot be read, in its place. */
  void refuse(Command.Unreadable command, Understanding.Flaw flaw)
      throws IOException, InterruptedException, JournalUnavailableException {
    if (!releaseParse()) {
      return;
    }
    refused(conversation.refused(command), flaw);
  }

  private void refuse(Command.Unreadable command, String sqlState)
      throws IOException, InterruptedException, JournalUnavailableException {
    refuse(command, new Understanding.Flaw(sqlState, 0));
  }

  /**
   * The server tells names apart by their first 63 bytes alone, so that two names of the client's
   * could be one name of the server's.
   */
  private boolean isTooLong(String name)
      throws IOException, InterruptedException, JournalUnavailableException {
    if (name.getBytes(StandardCharsets.UTF_8).length <= MAX_NAME_BYTES) {
      return false;
    }
    refuse(
        new Command.Unreadable("(name)", "a name is longer than " + MAX_NAME_BYTES + " bytes"),
        "42622");
    return true;
  }

  private void missing(String sqlState, String what)
      throws IOException, InterruptedException, JournalUnavailableException {
    if (!conversation.isDiscarding()) {
      refuse(new Command.Unreadable("(unknown name)", what), sqlState);
    }
  }

  private void refused(Passage.Refusal refusal, Understanding.@Nullable Flaw flaw)
      throws IOException, InterruptedException, JournalUnavailableException {
    pending = null;
    if (!conversation.isDiscarding()) {
      conversation.refuseExtended(RefusalErrors.of(refusal, flaw));
    }
  }

  private <T> @Nullable T find(Names<T> names, String name)
      throws IOException, InterruptedException, JournalUnavailableException {
    if (names.unsettled(name)) {
      conversation.settle();
    }
    return names.get(name).orElse(null);
  }

  private static Frames joined(Frames parse, byte[] bind) {
    var both = new byte[parse.length() + bind.length];
    System.arraycopy(parse.array(), parse.offset(), both, 0, parse.length());
    System.arraycopy(bind, 0, both, parse.length(), bind.length);
    return Frames.of(both);
  }
}
