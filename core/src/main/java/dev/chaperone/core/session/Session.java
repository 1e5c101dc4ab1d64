package dev.chaperone.core.session;

import dev.chaperone.core.identity.Identity;
import dev.chaperone.core.identity.Intent;
import dev.chaperone.core.target.Target;
import dev.chaperone.journal.Entry;
import dev.chaperone.journal.Fields;
import dev.chaperone.journal.Journal;
import dev.chaperone.journal.JournalUnavailableException;
import dev.chaperone.journal.Position;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One identity on one target through one client connection. Gives every entry of the session its
 * place in the session's own sequence, without gaps. Safe for several threads.
 */
public final class Session {
  private static final int NAME_BYTES = 500;
  private static final int MESSAGE_BYTES = 3_000;

  private final String id;
  private final Opening opening;
  private final Journal journal;
  private final Clock clock;
  private final Instant started;
  private final AtomicLong lastActive;
  private final AtomicLong commands = new AtomicLong();
  private final ReentrantLock sequence = new ReentrantLock();
  private final Map<String, LongAdder> own = new ConcurrentSkipListMap<>();
  private final ReentrantLock ending = new ReentrantLock();
  private final List<Runnable> onEnd = new ArrayList<>();
  private long n;
  private boolean closed;
  private volatile Intent intent;
  private volatile @Nullable End end;
  private volatile BooleanSupplier retire = () -> true;

  /**
   * What a session is opened with.
   *
   * @param identity who acts
   * @param intent what it states at the start
   * @param target what it acts on
   * @param database the database on the target
   * @param login the login on the target
   * @param protocol the protocol's name
   * @param origin the client's network address, without port
   * @param client what the client calls itself, for example {@code psql}; unproven
   */
  public record Opening(
      Identity identity,
      Intent intent,
      Target target,
      String database,
      String login,
      String protocol,
      String origin,
      @Nullable String client) {}

  /**
   * Why a session ended.
   *
   * @param reason a word: {@code closed}, {@code left}, {@code killed}, {@code idle}, {@code
   *     longest}, {@code token}, {@code reload}, {@code protocol}, {@code upstream}, {@code
   *     journal}, {@code shutdown}
   * @param message for the client and the record
   */
  public record End(String reason, String message) {}

  Session(String id, Opening opening, Journal journal, Clock clock) {
    this.id = id;
    this.opening = opening;
    this.journal = journal;
    this.clock = clock;
    this.started = clock.instant();
    this.lastActive = new AtomicLong(started.toEpochMilli());
    this.intent = opening.intent();
  }

  /** {@code s-} and a time-ordered unique part. */
  public String id() {
    return id;
  }

  public Identity identity() {
    return opening.identity();
  }

  public Target target() {
    return opening.target();
  }

  public Opening opening() {
    return opening;
  }

  public Instant started() {
    return started;
  }

  /** What the actor says now that it is doing. */
  public Intent intent() {
    return intent;
  }

  /** The actor says something else. */
  public void intent(Intent stated) {
    this.intent = stated;
  }

  /** When the last command began or ended. */
  public Instant lastActive() {
    return Instant.ofEpochMilli(lastActive.get());
  }

  /** Says that the session is in use. */
  public void touch() {
    lastActive.set(clock.millis());
  }

  /** How many commands were asked. */
  public long commands() {
    return commands.get();
  }

  /** The next command's id: the session's id and the command's number in it. */
  public String nextCommand() {
    return "c-" + id.substring(2) + "-" + commands.incrementAndGet();
  }

  /**
   * Adds an entry of this session in order, without waiting for the disk.
   *
   * @throws JournalUnavailableException if it was not accepted, which ends the session, or if the
   *     session's end is recorded already
   */
  public Position enqueue(String type, Consumer<Fields> content)
      throws JournalUnavailableException {
    sequence.lock();
    try {
      if (closed) {
        throw new JournalUnavailableException("the session's end is recorded; nothing follows it");
      }
      return add(type, content);
    } finally {
      sequence.unlock();
    }
  }

  private Position add(String type, Consumer<Fields> content) throws JournalUnavailableException {
    var entry =
        Entry.of(
            type,
            clock.instant(),
            fields -> {
              fields.put("session", id).put("n", n + 1);
              content.accept(fields);
            });
    var position = journal.enqueue(entry);
    n++;
    return position;
  }

  /** Adds an entry and returns when it is durable. */
  public Position append(String type, Consumer<Fields> content) throws JournalUnavailableException {
    var position = enqueue(type, content);
    journal.await(position);
    return position;
  }

  /** Blocks until everything up to {@code position} is durable. */
  public void await(Position position) throws JournalUnavailableException {
    journal.await(position);
  }

  /** Who, on what, from where: what every command's entries repeat. */
  public void describe(Fields fields) {
    fields.object("identity", inner -> Who.inShort(inner, opening.identity()));
    fields
        .put("target", EntrySpace.cut(opening.target().name(), NAME_BYTES))
        .put("origin", EntrySpace.cut(opening.origin(), NAME_BYTES));
  }

  /**
   * Counts the gateway's own traffic; the first of each kind leaves an entry, the total stands in
   * the session's last one.
   */
  public void countOwn(String kind) throws JournalUnavailableException {
    var count = own.get(kind);
    if (count == null) {
      var first = new LongAdder();
      count = own.putIfAbsent(kind, first);
      if (count == null) {
        count = first;
        enqueue(EntryTypes.OWN, fields -> fields.put("kind", kind));
      }
    }
    count.increment();
  }

  /** Has {@code action} run once when the session is told to end; at once if it was already. */
  public void onEnd(Runnable action) {
    ending.lock();
    try {
      if (end == null) {
        onEnd.add(action);
        return;
      }
    } finally {
      ending.unlock();
    }
    action.run();
  }

  /**
   * Tells the session to end; the first reason counts. Waits neither for the connection's threads,
   * which notice by their closed sockets, nor for the journal. Every action runs, on this thread,
   * whatever another one throws; the first exception is thrown in the end.
   */
  public void end(End because) {
    List<Runnable> actions;
    ending.lock();
    try {
      if (end != null) {
        return;
      }
      end = because;
      actions = List.copyOf(onEnd);
      onEnd.clear();
    } finally {
      ending.unlock();
    }
    RuntimeException first = null;
    for (var action : actions) {
      try {
        action.run();
      } catch (RuntimeException e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }

  /**
   * Says how the session stops between commands: the action returns whether nothing runs, nothing
   * waits and no transaction is open; when it has returned true, no command is taken any more.
   * Until this is called, there is nothing that could be cut off.
   */
  public void onRetire(BooleanSupplier action) {
    retire = action;
  }

  /** Ends the session if nothing is cut off by that; returns whether it has ended. */
  boolean endIfIdle(End because) {
    if (end == null && retire.getAsBoolean()) {
      end(because);
    }
    return end != null;
  }

  /** Why the session was told to end, if it was. */
  public Optional<End> ended() {
    return Optional.ofNullable(end);
  }

  /** Whether the end is recorded, so that nothing can follow. */
  boolean isClosed() {
    sequence.lock();
    try {
      return closed;
    } finally {
      sequence.unlock();
    }
  }

  /** Records the end, once, when the connection's threads are done; nothing follows it. */
  void recordEnd() throws JournalUnavailableException {
    sequence.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      var told = end;
      var because = told == null ? new End("left", "the connection ended") : told;
      add(
          EntryTypes.SESSION_ENDED,
          fields -> {
            describe(fields);
            fields
                .put("reason", because.reason())
                .put("message", EntrySpace.cut(because.message(), MESSAGE_BYTES))
                .put("commands", commands.get())
                .object(
                    "own", counts -> own.forEach((kind, count) -> counts.put(kind, count.sum())));
          });
    } finally {
      sequence.unlock();
    }
  }
}
