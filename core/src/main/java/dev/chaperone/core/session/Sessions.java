package dev.chaperone.core.session;

import dev.chaperone.core.snapshot.Snapshot;
import dev.chaperone.journal.Entry;
import dev.chaperone.journal.Journal;
import dev.chaperone.journal.JournalUnavailableException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of this node: opens them durably, ends them when their time is over, and lets them
 * be found and killed. Safe for many threads.
 */
public final class Sessions implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("dev.chaperone.sessions");
  private static final Duration ROUND = Duration.ofMillis(500);
  private static final Duration DRAIN_ROUND = Duration.ofMillis(10);
  private static final Session.End SHUTDOWN =
      new Session.End("shutdown", "the gateway is stopping");
  private static final int NAME_BYTES = 500;
  private static final int MESSAGE_BYTES = 3_000;

  private final Journal journal;
  private final Supplier<Snapshot> snapshots;
  private final Clock clock;
  private final Ids ids;
  private final SessionPlaces places = new SessionPlaces();
  private final Map<String, Session> live = new ConcurrentHashMap<>();
  private final Thread watchman;
  private volatile boolean stopping;

  public Sessions(Journal journal, Supplier<Snapshot> snapshots, Clock clock) {
    this.journal = journal;
    this.snapshots = snapshots;
    this.clock = clock;
    this.ids = new Ids(clock);
    this.watchman = Thread.ofVirtual().name("sessions-watch").start(this::watch);
  }

  /** The snapshot in force. */
  public Snapshot snapshot() {
    return snapshots.get();
  }

  /** The clock that entries are timed by. */
  public Clock clock() {
    return clock;
  }

  /**
   * Opens a session; its opening is durable when this returns.
   *
   * @throws JournalUnavailableException if nothing can be recorded: then nobody is admitted
   * @throws SessionRefusedException if there are too many already; that is recorded
   */
  public Session open(Session.Opening opening)
      throws JournalUnavailableException, SessionRefusedException {
    try {
      places.take(opening, snapshots.get().sessions());
    } catch (SessionRefusedException e) {
      recordRefused(opening, String.valueOf(e.getMessage()));
      throw e;
    }
    boolean opened = false;
    try {
      var session = begin(opening);
      opened = true;
      return session;
    } finally {
      if (!opened) {
        places.leave(opening);
      }
    }
  }

  private void recordRefused(Session.Opening opening, String reason)
      throws JournalUnavailableException {
    journal.append(
        Entry.of(
            EntryTypes.SESSION_REFUSED,
            clock.instant(),
            fields -> {
              fields.object("identity", inner -> Who.inShort(inner, opening.identity()));
              fields
                  .put("target", EntrySpace.cut(opening.target().name(), NAME_BYTES))
                  .put("protocol", EntrySpace.cut(opening.protocol(), NAME_BYTES))
                  .put("origin", EntrySpace.cut(opening.origin(), NAME_BYTES))
                  .put("reason", EntrySpace.cut(reason, MESSAGE_BYTES));
            }));
  }

  private Session begin(Session.Opening opening) throws JournalUnavailableException {
    var session = new Session(ids.next("s-"), opening, journal, clock);
    var address = opening.target().host() + ":" + opening.target().port();
    session.append(
        EntryTypes.SESSION_OPENED,
        fields -> {
          fields.object("identity", inner -> Who.inFull(inner, opening.identity()));
          fields
              .put("target", EntrySpace.cut(opening.target().name(), NAME_BYTES))
              .put("address", EntrySpace.cut(address, NAME_BYTES))
              .put("database", EntrySpace.cut(opening.database(), NAME_BYTES))
              .put("login", EntrySpace.cut(opening.login(), NAME_BYTES))
              .put("protocol", EntrySpace.cut(opening.protocol(), NAME_BYTES))
              .put("origin", EntrySpace.cut(opening.origin(), NAME_BYTES))
              .putIfPresent("client", cut(opening.client()));
          Who.intent(fields, opening.intent());
        });
    live.put(session.id(), session);
    if (stopping) {
      session.end(SHUTDOWN);
    }
    return session;
  }

  /** Records the session's end; the connection's threads are done. Never throws. */
  public void closed(Session session) {
    if (live.remove(session.id()) != null) {
      places.leave(session.opening());
    }
    try {
      session.recordEnd();
    } catch (JournalUnavailableException e) {
      // The journal says by itself why it failed; recovery will record the session as interrupted.
      return;
    }
  }

  private static @Nullable String cut(@Nullable String text) {
    return text == null ? null : EntrySpace.cut(text, NAME_BYTES);
  }

  /** Records a sign-in that proved nothing, durably. */
  public void recordFailedSignIn(FailedSignIn failed) throws JournalUnavailableException {
    journal.append(
        Entry.of(
            EntryTypes.SIGN_IN_FAILED,
            clock.instant(),
            fields ->
                fields
                    .put("protocol", failed.protocol())
                    .put("origin", EntrySpace.cut(failed.origin(), NAME_BYTES))
                    .putIfPresent("issuer", cut(failed.issuer()))
                    .putIfPresent("target", cut(failed.target()))
                    .put("reason", EntrySpace.cut(failed.reason(), MESSAGE_BYTES))
                    .put("unrecordedBefore", failed.unrecordedBefore())));
  }

  /** Tells the operator of a fault that no client and no record can be told of. */
  public void report(String what, Throwable fault) {
    LOG.log(System.Logger.Level.WARNING, what, fault);
  }

  /** The sessions that are open now. */
  public Collection<Session> live() {
    return List.copyOf(live.values());
  }

  /** An open session. */
  public Optional<Session> find(String id) {
    return Optional.ofNullable(live.get(id));
  }

  /**
   * Kills an open session: its review ends, what runs on the resource is cancelled, its connections
   * close. Recorded before it happens.
   *
   * @param by who asked for it, for the record
   * @return whether such a session was open
   */
  public boolean kill(String id, String by, String reason) throws JournalUnavailableException {
    var session = live.get(id);
    if (session == null) {
      return false;
    }
    try {
      session.append(
          EntryTypes.SESSION_KILLED,
          fields -> {
            session.describe(fields);
            fields
                .put("by", EntrySpace.cut(by, MESSAGE_BYTES))
                .put("reason", EntrySpace.cut(reason, MESSAGE_BYTES));
          });
    } catch (JournalUnavailableException e) {
      if (session.isClosed()) {
        return false;
      }
      throw e;
    }
    end(session, new Session.End("killed", "the session was ended by an administrator"));
    return true;
  }

  private void watch() {
    try {
      while (true) {
        Thread.sleep(ROUND);
        var now = clock.instant();
        live.values().forEach(session -> endIfOver(session, now));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void endIfOver(Session session, Instant now) {
    var snapshot = snapshots.get();
    var limits = snapshot.sessions();
    if (snapshot.target(session.target().name()).isEmpty()
        || !snapshot.issuers().contains(session.identity().issuer())) {
      end(session, new Session.End("reload", "the target or the issuer is no longer configured"));
    } else if (now.isAfter(session.started().plus(limits.longest()))) {
      end(session, new Session.End("longest", "the session reached its longest duration"));
    } else if (limits.endWithToken() && now.isAfter(session.identity().credential().expires())) {
      end(session, new Session.End("token", "the token that opened the session has expired"));
    } else if (now.isAfter(session.lastActive().plus(limits.idle()))) {
      end(session, new Session.End("idle", "the session was idle for too long"));
    }
  }

  /** What a session's connection does at its end must not keep the others from ending. */
  private void end(Session session, Session.End because) {
    try {
      session.end(because);
    } catch (RuntimeException e) {
      report("a session did not end cleanly", e);
    }
  }

  /** Whether the gateway is on its way to stop. */
  public boolean isStopping() {
    return stopping;
  }

  /**
   * The gateway stops: ends each session as soon as nothing of it is cut off, for as long as the
   * snapshot's limits say, and blocks for that. Whoever is left is ended by {@link #close}; new
   * ones end at once.
   */
  public void drain() throws InterruptedException {
    stopping = true;
    long deadline = System.nanoTime() + snapshots.get().sessions().drain().toNanos();
    while (!live.isEmpty()) {
      live.values().forEach(this::endIfIdle);
      if (System.nanoTime() >= deadline) {
        return;
      }
      Thread.sleep(DRAIN_ROUND);
    }
  }

  private void endIfIdle(Session session) {
    try {
      session.endIfIdle(SHUTDOWN);
    } catch (RuntimeException e) {
      report("a session did not end cleanly", e);
    }
  }

  /** Ends every session. */
  @Override
  public void close() {
    stopping = true;
    watchman.interrupt();
    live.values().forEach(session -> end(session, SHUTDOWN));
  }

  /**
   * A sign-in that proved nothing.
   *
   * @param reason safe to record
   * @param unrecordedBefore how many of the same origin were refused unrecorded since the last
   */
  public record FailedSignIn(
      String protocol,
      String origin,
      @Nullable String issuer,
      @Nullable String target,
      String reason,
      long unrecordedBefore) {}
}
