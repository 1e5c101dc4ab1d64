package dev.chaperone.postgres.session;

import dev.chaperone.core.command.Command;
import dev.chaperone.core.command.Parameter;
import dev.chaperone.core.gate.Gate;
import dev.chaperone.core.gate.Passage;
import dev.chaperone.core.review.Waiting;
import dev.chaperone.core.session.Session;
import dev.chaperone.journal.JournalUnavailableException;
import dev.chaperone.postgres.catalogue.CatalogueLoader;
import dev.chaperone.postgres.handshake.UpstreamException;
import dev.chaperone.postgres.meaning.Outcome;
import dev.chaperone.postgres.wire.ErrorFields;
import dev.chaperone.sql.Reading;
import dev.chaperone.sql.SqlReader;
import dev.chaperone.wire.Frames;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The request pump's side of a session: what it has sent, what it must wait for before it can read
 * the next text rightly, and how it asks the server itself. One thread.
 */
final class Conversation {
  private final Session session;
  private final Gate gate;
  private final Gate.ToResource resource;
  private final InFlight inFlight;
  private final SessionState state;
  private final PostgresOwn own;
  private final SqlReader sql;
  private final Catalogues catalogues;
  private final String catalogueKey;
  private final HeldClient heldClient;
  private final KnownMeanings meanings = new KnownMeanings();
  private final Questions questions;
  private long catalogueNanos;
  private Understanding latest = Understanding.NOTHING;
  private boolean inSegment;
  private boolean executed;
  private boolean discarding;
  private boolean unsettled;
  private boolean segmentTouched;
  private boolean transactionTouched;
  private boolean catalogueTouched;

  Conversation(Parts parts, Catalogues.Loaded catalogue) {
    this.session = parts.session();
    this.gate = parts.gate();
    this.resource = parts.resource();
    this.inFlight = parts.inFlight();
    this.state = parts.state();
    this.own = parts.own();
    this.sql = parts.sql();
    this.catalogues = parts.catalogues();
    this.catalogueKey = parts.catalogueKey();
    this.heldClient = parts.heldClient();
    this.catalogueNanos = catalogue.nanos();
    this.questions = new Questions(this, state, own);
  }

  /** What a conversation is made of. */
  record Parts(
      Session session,
      Gate gate,
      Gate.ToResource resource,
      InFlight inFlight,
      SessionState state,
      PostgresOwn own,
      SqlReader sql,
      Catalogues catalogues,
      String catalogueKey,
      HeldClient heldClient) {}

  Gate gate() {
    return gate;
  }

  Session session() {
    return session;
  }

  SessionState state() {
    return state;
  }

  InFlight inFlight() {
    return inFlight;
  }

  PostgresOwn own() {
    return own;
  }

  Reading read(String text) {
    return sql.read(text);
  }

  /** Whether what comes before the next Sync is dropped, since something before it failed. */
  boolean isDiscarding() {
    return discarding;
  }

  /** Whether messages of the extended protocol were sent since the last Sync. */
  boolean isInSegment() {
    return inSegment;
  }

  /** Queues what the server will answer, then buffers the frames that make it do so. */
  void send(Expected expected, Gate.Permit permit)
      throws IOException, InterruptedException, JournalUnavailableException {
    expect(expected);
    resource.write(permit);
  }

  /** The same for the gateway's own traffic. */
  void send(Expected expected, Gate.Own message)
      throws IOException, InterruptedException, JournalUnavailableException {
    expect(expected);
    resource.write(message);
  }

  /** Buffers what belongs to a command that was sent before. */
  void send(Gate.Permit permit) throws IOException, JournalUnavailableException {
    resource.write(permit);
  }

  /** Buffers own traffic that is not answered. */
  void send(Gate.Own message) throws IOException, JournalUnavailableException {
    resource.write(message);
  }

  /** Queues what the server will answer; a full queue is given the chance to empty first. */
  void expect(Expected expected)
      throws IOException, InterruptedException, JournalUnavailableException {
    if (!inFlight.hasRoom()) {
      if (inSegment) {
        resource.write(own.flush());
      }
      resource.flush();
    }
    inFlight.add(expected);
    inSegment |= !expected.endsSegment();
  }

  /** Releases what is buffered, once it is durable. */
  void flush() throws IOException, JournalUnavailableException {
    resource.flush();
  }

  /** The command was sent: what it touches counts from now on. */
  void began(Understanding understanding) {
    executed = true;
    boolean touches = understanding.changesState(transactionTouched);
    if (touches) {
      state.statements().doubt();
      state.portals().doubt();
      unsettled = true;
      segmentTouched = true;
      transactionTouched = true;
      catalogueTouched |= understanding.mayChangeCatalogue() || understanding.endsTransaction();
    }
  }

  /** A segment ends with what was sent last. */
  void endSegment() {
    state.statements().endSegment();
    state.portals().endSegment();
    unsettled |= segmentTouched; // if it fails, what was set in it is undone
    segmentTouched = false;
    inSegment = false;
    executed = false;
    discarding = false;
  }

  /** Answers a refused simple query in its place. */
  void refuseQuery(ErrorFields refusal)
      throws IOException, InterruptedException, JournalUnavailableException {
    send(new Expected.SimpleRefused(refusal), own.companionQuery());
    endSegment();
  }

  /** Answers a refused extended message in its place; the rest up to Sync is dropped. */
  void refuseExtended(ErrorFields refusal)
      throws IOException, InterruptedException, JournalUnavailableException {
    send(new Expected.Refused(refusal), own.companionParse());
    discarding = true;
  }

  /**
   * Lets everything that was sent be answered, so that names and settings are known. Afterwards the
   * rest of the segment is dropped if the server skips it.
   */
  void settle() throws IOException, InterruptedException, JournalUnavailableException {
    if (inSegment) {
      resource.write(own.flush());
    }
    resource.flush();
    inFlight.awaitAnswered();
    state.statements().settled();
    state.portals().settled();
    if (inFlight.skips()) {
      discarding = true;
    }
    transactionTouched &= state.status() != 'I' || inSegment;
  }

  /** Says how things stand for a command that would have to wait. */
  Waiting.Situation situation()
      throws IOException, InterruptedException, JournalUnavailableException {
    settle();
    if (discarding || state.status() == 'E') {
      return Waiting.Situation.MOOT;
    }
    return state.status() == 'T' || executed
        ? Waiting.Situation.IN_TRANSACTION
        : Waiting.Situation.FREE;
  }

  /**
   * What a text means now. Waits for what was sent before, where that may change it, and asks the
   * server where it must.
   */
  Understanding understand(String text, Reading reading, List<Parameter> parameters)
      throws IOException, InterruptedException, JournalUnavailableException {
    if (Understanding.isBeforeAnyQuery(reading)) {
      return Understanding.of(text, reading, meaning(text, reading, parameters));
    }
    if (unsettled) {
      settle();
      setNameBack();
      unsettled = !askSettings();
    }
    refreshCatalogue();
    var outcome = meaning(text, reading, parameters);
    if (!outcome.notFound().isEmpty()
        && mayAsk()
        && System.nanoTime() - catalogueNanos > 250_000_000) {
      settle();
      if (mayAsk()) {
        loadCatalogue();
        outcome = meaning(text, reading, parameters);
      }
    }
    if (outcome.trace() != null) {
      session.intent(session.intent().withTrace(outcome.trace()));
    }
    return Understanding.of(text, reading, outcome.inSession(session.id()));
  }

  private Outcome meaning(String text, Reading reading, List<Parameter> parameters) {
    return meanings.of(text, reading, parameters, state);
  }

  private boolean mayAsk() {
    return !discarding && state.status() != 'E';
  }

  /** Whether it could: nothing answers in a failed transaction, and nothing but its end runs. */
  private boolean askSettings() throws IOException {
    if (mayAsk()) {
      state.settings(ServerSettings.ask(this::askForItself));
      state.catalogue(CatalogueLoader.seenBy(this::askForItself, state.catalogue()));
      return true;
    }
    return false;
  }

  private void refreshCatalogue()
      throws IOException, InterruptedException, JournalUnavailableException {
    if (catalogueTouched && mayAsk()) {
      loadCatalogue();
      catalogueTouched = false;
      return;
    }
    if (transactionTouched) {
      return; // what this transaction has made, no other session sees
    }
    var shared = catalogues.find(catalogueKey);
    if (shared.isPresent() && shared.get().isFresh()) {
      if (shared.get().nanos() - catalogueNanos > 0) {
        state.catalogue(shared.get().catalogue().seenLike(state.catalogue()));
        catalogueNanos = shared.get().nanos();
      }
    } else if (!inSegment) {
      settle();
      if (state.status() == 'I') { // in a transaction it could fix the snapshot too early
        loadCatalogue();
      }
    }
  }

  /** Before the client is waited for: what was sent may have changed its name on the server. */
  void settleChanges() throws IOException, InterruptedException, JournalUnavailableException {
    if (unsettled && !inSegment) {
      settle();
      setNameBack();
    }
  }

  /** What the client runs, it runs under the name that says who it is. */
  private void setNameBack() throws IOException, InterruptedException, JournalUnavailableException {
    if (!inSegment && mayAsk() && state.applicationName().isChanged()) {
      ask(state.applicationName().settingBack());
    }
  }

  private void loadCatalogue() throws IOException {
    long began = System.nanoTime();
    var loaded = CatalogueLoader.load(this::askForItself);
    state.catalogue(loaded);
    catalogueNanos = began;
    if (!transactionTouched) {
      catalogues.put(catalogueKey, new Catalogues.Loaded(loaded, began));
    }
  }

  private List<List<@Nullable String>> askForItself(String question) throws IOException {
    try {
      return ask(question);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while asking the target", e);
    } catch (JournalUnavailableException e) {
      throw new IOException("nothing can be recorded", e);
    }
  }

  /**
   * Asks the server a question of the gateway's own, without disturbing the client's unnamed
   * statement and portal. Blocks until it is answered; the session's end wakes it.
   */
  List<List<@Nullable String>> ask(String question)
      throws IOException, InterruptedException, JournalUnavailableException {
    boolean within = inSegment;
    var answer = questions.ask(question, within, unsettled);
    hurry(within);
    try {
      return answer.done().get();
    } catch (ExecutionException e) {
      throw new UpstreamException(
          "08006", "the target did not answer the gateway's own question", e.getCause());
    }
  }

  /** Has what was asked answered at once: within the client's segment by a Flush, else a Sync. */
  void hurry(boolean within) throws IOException, InterruptedException, JournalUnavailableException {
    if (within) {
      resource.write(own.flush());
    } else {
      send(new Expected.AskedSync(), own.sync());
      inSegment = false;
    }
    resource.flush();
  }

  /** Decides a command that is about to run, waiting for people where a rule holds it. */
  Admission admit(Understanding understanding, Frames frames, Again again)
      throws IOException, InterruptedException, JournalUnavailableException {
    latest = understanding;
    try {
      var waiting =
          heldClient.begin(
              this,
              () -> {
                catalogueTouched = true; // what was approved is what runs, or it is asked anew
                latest = again.read();
                return latest.command();
              });
      var passage = gate.admit(understanding.command(), frames, waiting);
      return new Admission(passage, latest);
    } finally {
      heldClient.end();
    }
  }

  /** Refuses what cannot be read. */
  Passage.Refusal refused(Command.Unreadable command)
      throws IOException, InterruptedException, JournalUnavailableException {
    if (gate.prepare(command, "", new Frames(new byte[0], 0, 0))
        instanceof Passage.Refusal refusal) {
      return refusal;
    }
    throw new IllegalStateException("what cannot be read was let through");
  }

  /** A text's meaning, read once more. */
  interface Again {
    Understanding read() throws IOException, InterruptedException, JournalUnavailableException;
  }

  /** What became of a command, and the meaning that it was decided on last. */
  record Admission(Passage passage, Understanding understanding) {}
}
