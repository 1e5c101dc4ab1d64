package dev.chaperone.core.gate;

import dev.chaperone.core.command.Command;
import dev.chaperone.core.masking.Masking;
import dev.chaperone.core.policy.Verdict;
import dev.chaperone.core.review.Approvals;
import dev.chaperone.core.review.CommandDigest;
import dev.chaperone.core.review.Waiting;
import dev.chaperone.core.session.Session;
import dev.chaperone.core.snapshot.Snapshot;
import dev.chaperone.journal.JournalUnavailableException;
import dev.chaperone.journal.Position;
import dev.chaperone.wire.Frames;
import dev.chaperone.wire.RawSink;
import java.io.IOException;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The only code that knows the order: decide, hold, decide again, record durably, release, mask,
 * record, return. One gate a session. What passes it towards the resource is a {@link Permit}, what
 * passes it towards the client a {@link Cleared}; both are made here alone, and the two writers
 * take nothing else but the gateway's {@link Own} traffic. So a path around the gate does not
 * compile.
 */
public final class Gate {
  private final Session session;
  private final Approvals approvals;
  private final Deciding deciding;
  private final CommandEntries entries;

  public Gate(Session session, Supplier<Snapshot> snapshots, Approvals approvals, Clock clock) {
    this.session = session;
    this.approvals = approvals;
    this.deciding = new Deciding(session, snapshots, clock);
    this.entries = new CommandEntries(session);
  }

  /**
   * The very frames that were decided and recorded; the writer towards the resource opens it once.
   */
  public static final class Permit implements Passage {
    private final AtomicReference<@Nullable Frames> frames;
    private final Admitted admitted;

    private Permit(Frames frames, Admitted admitted) {
      this.frames = new AtomicReference<>(frames);
      this.admitted = admitted;
    }

    /** What was admitted; the response belongs to it. */
    public Admitted admitted() {
      return admitted;
    }

    private Frames open() {
      var once = frames.getAndSet(null);
      if (once == null) {
        throw new IllegalStateException("a permit opens once");
      }
      return once;
    }
  }

  /** Frames that the client may see: masked, counted and part of the recorded digest. */
  public static final class Cleared {
    private final AtomicReference<@Nullable Frames> frames;

    private Cleared(Frames frames) {
      this.frames = new AtomicReference<>(frames);
    }

    private Frames open() {
      var once = frames.getAndSet(null);
      if (once == null) {
        throw new IllegalStateException("cleared frames are written once");
      }
      return once;
    }
  }

  /** The gateway's own frames; made by {@link OwnTraffic} alone. */
  public static final class Own {
    private final String kind;
    private final Frames frames;

    Own(String kind, Frames frames) {
      this.kind = kind;
      this.frames = frames;
    }
  }

  /**
   * Decides a command that is about to run and, where a rule holds it, waits for people. Blocks for
   * as long as they may take. The decision is recorded (enqueued; a refusal durably) when this
   * returns; the writer towards the resource waits for the disk before it releases the frames.
   *
   * @param asked what the frames ask for, as the decoder read them
   * @param frames exactly what the resource will get
   * @param waiting how the client is told, and what ends a wait
   * @throws IOException when what came before the command could not be settled
   * @throws InterruptedException when the session is told to stop
   * @throws JournalUnavailableException when it cannot be recorded: then nothing may run
   */
  public Passage admit(Command asked, Frames frames, Waiting waiting)
      throws IOException, InterruptedException, JournalUnavailableException {
    session.touch();
    var id = session.nextCommand();
    Set<Verdict.Demand> granted = new HashSet<>();
    var command = asked;
    Approvals.Reference review = null;
    while (true) {
      switch (deciding.bound(command)) {
        case Verdict.Deny deny -> {
          return refuse(command, id, deny, review);
        }
        case Verdict.Allow allow -> {
          return permit(id, command, frames, allow.rules(), allow.masking(), review);
        }
        case Verdict.Hold hold when granted.containsAll(hold.demands()) -> {
          return permit(id, command, frames, hold.rules(), hold.masking(), review);
        }
        case Verdict.Hold hold -> {
          if (waiting.settle() == Waiting.Situation.MOOT) {
            return refuse(command, Deciding.moot(id, hold));
          }
          var digest = CommandDigest.of(session, command);
          session.await(entries.held(id, command, digest, hold.rules()));
          var ask = new Approvals.Ask(session, id, command, digest, hold, session.intent());
          switch (approvals.await(ask, waiting)) {
            case Approvals.Decision.Granted grant -> {
              hold.demands().stream()
                  .filter(demand -> grant.rules().contains(demand.rule()))
                  .forEach(granted::add);
              review = grant.review();
              var now = waiting.again();
              if (now.isPresent() && !now.get().equals(command)) {
                command = now.get(); // people granted something else: they are asked anew
                granted.clear();
                review = null;
              }
            }
            case Approvals.Decision other -> {
              return refuse(command, Deciding.refusal(id, hold, other, waiting));
            }
          }
        }
      }
    }
  }

  /**
   * Decides a statement that the resource is only to parse. Understood and not denied, it passes
   * and is recorded; what holds it is waited for when it is to run. Does not wait for people.
   *
   * @param name the client's name for the statement; empty for the unnamed one
   */
  public Passage prepare(Command command, String name, Frames frames)
      throws JournalUnavailableException {
    session.touch();
    var id = session.nextCommand();
    var verdict = deciding.unbound(command);
    if (verdict instanceof Verdict.Deny deny) {
      return refuse(command, id, deny, null);
    }
    return new Permit(frames, new Preparation(entries.prepared(id, name, command)));
  }

  /**
   * Further frames of what was admitted already, for example fetching its next rows.
   *
   * @throws IllegalStateException when it has ended
   */
  public Permit further(Admitted admitted, Frames frames) {
    if (admitted instanceof Run run && run.isClosed()) {
      throw new IllegalStateException("the command has ended");
    }
    return new Permit(frames, admitted);
  }

  /**
   * Content that the client sends to what was admitted, as a COPY's rows: part of its record.
   *
   * @param content the content within {@code frames}
   * @return empty when the command has ended: nothing more is taken
   */
  public Optional<Permit> input(Run run, Frames frames, Frames content) {
    return run.takes(content) ? Optional.of(new Permit(frames, run)) : Optional.empty();
  }

  /** Clears a response that belongs to what was admitted; the caller has masked it. */
  public Cleared clear(Admitted admitted, Frames response) {
    if (admitted instanceof Run run) {
      if (run.isClosed()) {
        throw new IllegalStateException("a response to a command that has ended");
      }
      run.seen(response.array(), response.offset(), response.length());
    }
    return new Cleared(response);
  }

  /**
   * Clears what the resource says outside of any command and that carries no data, for example that
   * it is ready; counted once a kind.
   */
  public Cleared clearProtocol(String kind, Frames response) throws JournalUnavailableException {
    session.countOwn("resource " + kind);
    return new Cleared(response);
  }

  /**
   * Clears a message that another session sent through the resource; it is an entry of its own. Of
   * a payload that is too long for one, the entry holds the beginning and the digest of the whole.
   */
  public Cleared clearNotification(String channel, String payload, Frames response)
      throws JournalUnavailableException {
    entries.notified(channel, payload);
    return new Cleared(response);
  }

  /** Records how a command ended, once. Durable on return only where the target says so. */
  public void close(Run run, Outcome outcome) throws JournalUnavailableException {
    if (!run.close()) {
      return;
    }
    session.touch();
    var position = entries.closed(run, outcome);
    if (session.target().record().durableOutcome()) {
      session.await(position);
    }
  }

  private Permit permit(
      String id,
      Command command,
      Frames frames,
      List<String> rules,
      Masking masking,
      Approvals.@Nullable Reference review)
      throws JournalUnavailableException {
    var masks = masking.masks().stream().map(Masking.Mask::name).toList();
    var position = entries.allowed(id, command, rules, masks, review);
    var record = session.target().record();
    return new Permit(frames, new Run(id, command, masking, rules, position, record));
  }

  private Passage.Refusal refuse(
      Command command, String id, Verdict.Deny deny, Approvals.@Nullable Reference review)
      throws JournalUnavailableException {
    var reason =
        command instanceof Command.Unreadable ? Passage.Reason.UNREADABLE : Passage.Reason.DENIED;
    return refuse(command, new Passage.Refusal(id, reason, deny.rules(), deny.message(), review));
  }

  private Passage.Refusal refuse(Command command, Passage.Refusal refusal)
      throws JournalUnavailableException {
    session.await(entries.refused(command, refusal));
    return refusal;
  }

  /**
   * Towards the resource. Buffers what it is given and releases it only after everything that it
   * depends on is durable. One thread uses it.
   */
  public static final class ToResource {
    private static final int BUFFER_BYTES = 32 << 10;

    private final RawSink sink;
    private final Session session;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int buffered;
    private @Nullable Position awaited;

    public ToResource(RawSink sink, Session session) {
      this.sink = sink;
      this.session = session;
    }

    /** Takes what was permitted; it may stay in the buffer until {@link #flush}. */
    public void write(Permit permit) throws IOException, JournalUnavailableException {
      var recorded = permit.admitted.recorded();
      if (awaited == null || recorded.compareTo(awaited) > 0) {
        awaited = recorded;
      }
      put(permit.open());
    }

    /** Takes the gateway's own traffic. */
    public void write(Own own) throws IOException, JournalUnavailableException {
      session.countOwn(own.kind);
      put(own.frames);
    }

    /** Waits until all that was given is recorded durably, then releases it. Blocks for both. */
    public void flush() throws IOException, JournalUnavailableException {
      if (awaited != null) {
        session.await(awaited);
        awaited = null;
      }
      if (buffered > 0) {
        int length = buffered;
        buffered = 0;
        sink.write(buffer, 0, length);
      }
    }

    private void put(Frames frames) throws IOException, JournalUnavailableException {
      if (frames.length() > BUFFER_BYTES - buffered) {
        flush();
      }
      if (frames.length() > BUFFER_BYTES) {
        flush();
        sink.write(frames.array(), frames.offset(), frames.length());
        return;
      }
      System.arraycopy(frames.array(), frames.offset(), buffer, buffered, frames.length());
      buffered += frames.length();
    }
  }

  /**
   * Towards the client. Safe for two threads: what one writes in one call is not split by the
   * other's; a message in several pieces is written under {@link #lock}.
   */
  public static final class ToClient {
    private static final int BUFFER_BYTES = 32 << 10;

    private final RawSink sink;
    private final Session session;
    private final ReentrantLock lock = new ReentrantLock();
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int buffered;

    public ToClient(RawSink sink, Session session) {
      this.sink = sink;
      this.session = session;
    }

    /** Keeps other writers out until {@link #unlock}, for a message that comes in pieces. */
    public void lock() {
      lock.lock();
    }

    /** Lets other writers in again. */
    public void unlock() {
      lock.unlock();
    }

    /** Takes what was cleared; it may stay in the buffer until {@link #flush}. */
    public void write(Cleared cleared) throws IOException {
      put(cleared.open());
    }

    /** Takes the gateway's own traffic. */
    public void write(Own own) throws IOException, JournalUnavailableException {
      session.countOwn(own.kind);
      put(own.frames);
    }

    /** Writes out what is buffered; blocks until the client's window takes it. */
    public void flush() throws IOException {
      lock.lock();
      try {
        if (buffered > 0) {
          int length = buffered;
          buffered = 0;
          sink.write(buffer, 0, length);
        }
      } finally {
        lock.unlock();
      }
    }

    private void put(Frames frames) throws IOException {
      lock.lock();
      try {
        if (frames.length() > BUFFER_BYTES - buffered) {
          flush();
        }
        if (frames.length() > BUFFER_BYTES) {
          sink.write(frames.array(), frames.offset(), frames.length());
          return;
        }
        System.arraycopy(frames.array(), frames.offset(), buffer, buffered, frames.length());
        buffered += frames.length();
      } finally {
        lock.unlock();
      }
    }
  }
}
