package dev.chaperone.control.reviews;

import dev.chaperone.control.record.ContentReader;
import dev.chaperone.control.record.EntryJson;
import dev.chaperone.control.reviews.ReviewArchive.Kept;
import dev.chaperone.core.identity.Identity;
import dev.chaperone.core.identity.SignIn.SignedIn;
import dev.chaperone.core.review.Approvals;
import dev.chaperone.core.review.Waiting;
import dev.chaperone.core.session.Ids;
import dev.chaperone.core.session.Session;
import dev.chaperone.core.snapshot.Snapshot;
import dev.chaperone.journal.Entry;
import dev.chaperone.journal.Journal;
import dev.chaperone.journal.JournalUnavailableException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The reviews of this node. One lock orders every change; a change is durable in the journal before
 * it takes effect, and is computed from the very entry that was recorded. Reading takes no lock.
 * Needs the state file at the start alone.
 */
public final class Reviews implements Approvals, AutoCloseable {
  /** How many reviews of all identities may be pending or granted at once. */
  public static final int MAX_LIVE = 10_000;

  private static final Logger LOG = LoggerFactory.getLogger(Reviews.class);
  private static final Duration ROUND = Duration.ofSeconds(1);

  private final Journal journal;
  private final ReviewArchive archive;
  private final Supplier<Snapshot> snapshots;
  private final Supplier<ReviewSettings> settings;
  private final Clock clock;
  private final Ids ids;
  private final ReviewEntries entries;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition earlier = lock.newCondition();
  private final AtomicLong tickets = new AtomicLong();
  private final LiveReviews all = new LiveReviews();
  private final Thread expiry;

  /**
   * Takes up where the journal stands: what was pending or granted still is. Starts the thread that
   * lets reviews expire.
   *
   * @param archive up to date with the journal
   * @param snapshots tells the address that reviews are decided at
   * @throws IOException if the archive cannot be read
   */
  public Reviews(
      Journal journal,
      ReviewArchive archive,
      Supplier<Snapshot> snapshots,
      Supplier<ReviewSettings> settings,
      Clock clock)
      throws IOException {
    this.journal = journal;
    this.archive = archive;
    this.snapshots = snapshots;
    this.settings = settings;
    this.clock = clock;
    this.ids = new Ids(clock);
    this.entries = new ReviewEntries(clock);
    archive.live().forEach(kept -> all.add(new Live(kept)));
    this.expiry = Thread.ofPlatform().daemon().name("reviews-expiry").start(this::expire);
  }

  @Override
  public Decision await(Ask ask, Waiting waiting)
      throws InterruptedException, JournalUnavailableException {
    var waiter = new Waiter(ask, waiting, tickets.getAndIncrement(), lock.newCondition());
    waiting.onInterruption(() -> wake(waiter));
    while (true) {
      switch (join(waiter)) {
        case Joined.TooMany(var limit) -> {
          return new Decision.TooMany(limit);
        }
        case Joined.At(var live, var isNew) -> {
          if (isNew) {
            cancelWhenKilled(ask.session(), live);
          }
          var decision = waitAt(live, waiter);
          if (decision.isPresent()) {
            return decision.get();
          }
          // An older waiter used the grant; one grant runs one command, so this one asks again.
          waiter.tellAtOnce();
        }
      }
    }
  }

  private sealed interface Joined {
    record At(Live live, boolean isNew) implements Joined {}

    record TooMany(int limit) implements Joined {}
  }

  private Joined join(Waiter waiter) throws JournalUnavailableException {
    lock.lock();
    try {
      var ask = waiter.ask();
      var key = ReviewKeys.of(ask);
      var found = all.of(key);
      if (found.isPresent() && !lapsed(found.get())) {
        found.get().add(waiter);
        return new Joined.At(found.get(), false);
      }
      int limit = settings.get().pendingPerIdentity();
      if (all.pendingOf(key.asker()) >= limit) {
        return new Joined.TooMany(limit);
      }
      if (all.size() >= MAX_LIVE) {
        return new Joined.TooMany(MAX_LIVE);
      }
      var live = ask(ask);
      live.add(waiter);
      return new Joined.At(live, true);
    } finally {
      lock.unlock();
    }
  }

  private Live ask(Ask ask) throws JournalUnavailableException {
    var id = ids.next("r-");
    var expires = clock.instant().plus(ask.hold().expires());
    var positions =
        entries.asked(ask, id, expires).stream().map(position -> position.index()).toList();
    try {
      var review = ReviewFold.of(ContentReader.read(journal.reader(), positions));
      var live = new Live(new Kept(review, positions));
      all.add(live);
      earlier.signalAll();
      return live;
    } catch (IOException e) {
      throw new JournalUnavailableException(
          "what was just recorded cannot be read back: " + e.getMessage(), e);
    }
  }

  /** Blocks; empty when the grant that was waited for served another. */
  private Optional<Decision> waitAt(Live live, Waiter waiter)
      throws InterruptedException, JournalUnavailableException {
    lock.lock();
    try {
      while (true) {
        switch (step(live, waiter)) {
          case Step.Done(var decision) -> {
            return Optional.of(decision);
          }
          case Step.AskAgain _ -> {
            return Optional.empty();
          }
          case Step.Wait _ when waiter.isToBeTold() -> tell(live, waiter);
          case Step.Wait _ -> {
            var _ = waiter.woken().awaitNanos(Math.max(1, waiter.sleepNanos()));
          }
        }
      }
    } finally {
      live.remove(waiter);
      lock.unlock();
    }
  }

  /** Writing to the client may block, so others may decide meanwhile. */
  private void tell(Live live, Waiter waiter) {
    waiter.tellAgainIn(settings.get().tellEvery());
    lock.unlock();
    try {
      waiter.waiting().tell(reference(live.review()));
    } finally {
      lock.lock();
    }
  }

  private sealed interface Step {
    record Done(Decision decision) implements Step {}

    record Wait() implements Step {}

    record AskAgain() implements Step {}
  }

  /** What comes of the wait as things stand; an interruption counts before a grant. */
  private Step step(Live live, Waiter waiter) throws JournalUnavailableException {
    var reference = reference(live.review());
    var interruption = waiter.interruption();
    if (interruption == Waiting.Interruption.LEFT) {
      return new Step.Done(new Decision.Pending(reference));
    }
    if (interruption != null) {
      if (live.review().state().isLive()) {
        var why =
            interruption == Waiting.Interruption.KILLED
                ? "the session was killed"
                : "the client cancelled the command";
        var identity = waiter.ask().session().identity();
        change(live, entries.cancelled(live.review(), identity, why));
      }
      return new Step.Done(new Decision.Cancelled(reference));
    }
    var _ = lapsed(live);
    var review = live.review();
    if (review.state() == ReviewState.GRANTED && live.isOldest(waiter)) {
      return new Step.Done(use(live, waiter));
    }
    return switch (review.state()) {
      case PENDING, GRANTED ->
          waiter.isOver() ? new Step.Done(new Decision.Pending(reference)) : new Step.Wait();
      case REFUSED -> {
        var refusal = review.decisions().getLast();
        yield new Step.Done(
            new Decision.Refused(reference, String.valueOf(refusal.who()), refusal.reason()));
      }
      case EXPIRED -> new Step.Done(new Decision.Expired(reference));
      case CANCELLED -> new Step.Done(new Decision.Cancelled(reference));
      case USED -> new Step.AskAgain();
    };
  }

  private Decision use(Live live, Waiter waiter) throws JournalUnavailableException {
    var review = live.review();
    var position = entries.used(waiter.ask(), review.id());
    live.become(review.in(ReviewState.USED), position.index());
    all.retire(live);
    var by =
        review.decisions().stream()
            .filter(made -> made.what() == ReviewState.GRANTED)
            .map(made -> String.valueOf(made.who()))
            .toList();
    return new Decision.Granted(
        reference(review), review.rules().stream().map(Review.Rule::name).toList(), by);
  }

  /**
   * A person grants. When this makes the review complete, the command that waited longest runs.
   *
   * @param who as signed in for this very request
   * @param reason free text; at most 1,000 characters are kept
   */
  public Ruling grant(String id, SignedIn who, String reason)
      throws JournalUnavailableException, IOException {
    return decide(
        id,
        who,
        (live, open) -> {
          var review = live.review();
          if (open.isEmpty()) {
            return new Ruling.NotAllowed(review, Ruling.Why.COUNTED_ALREADY);
          }
          var identity = who.identity();
          var trial =
              new Review.PersonDecision(
                  ReviewState.GRANTED,
                  identity.personKey(),
                  null,
                  null,
                  clock.instant(),
                  reason,
                  open);
          change(live, entries.granted(review, identity, reason, open, review.completedBy(trial)));
          return new Ruling.Done(live.review());
        });
  }

  /** A person refuses; one is enough, and nothing runs. Parameters as for {@link #grant}. */
  public Ruling refuse(String id, SignedIn who, String reason)
      throws JournalUnavailableException, IOException {
    return decide(
        id,
        who,
        (live, _) -> {
          change(live, entries.refused(live.review(), who.identity(), reason));
          return new Ruling.Done(live.review());
        });
  }

  /**
   * Ends a review without deciding it: by who asked, or by an administrator.
   *
   * @param administrator whether {@code who} is one
   */
  public Ruling cancel(String id, Identity who, boolean administrator, String reason)
      throws JournalUnavailableException, IOException {
    lock.lock();
    try {
      var live = all.find(id);
      var known = live.isPresent() ? Optional.of(live.get().kept()) : find(id);
      if (known.isEmpty()) {
        return new Ruling.Unknown();
      }
      var review = known.get().review();
      if (!administrator && !review.askers().containsAll(who.askers())) {
        return new Ruling.NotAllowed(review, Ruling.Why.NOT_ONES_OWN);
      }
      if (live.isEmpty() || lapsed(live.get())) {
        return new Ruling.Over(live.isEmpty() ? review : live.get().review());
      }
      change(live.get(), entries.cancelled(review, who, reason));
      return new Ruling.Done(live.get().review());
    } finally {
      lock.unlock();
    }
  }

  private interface Deciding {
    Ruling on(Live live, List<String> openRules) throws JournalUnavailableException;
  }

  private Ruling decide(String id, SignedIn who, Deciding deciding)
      throws JournalUnavailableException, IOException {
    lock.lock();
    try {
      var live = all.find(id);
      var known = live.isPresent() ? Optional.of(live.get().kept()) : find(id);
      if (known.isEmpty()) {
        return new Ruling.Unknown();
      }
      var review = known.get().review();
      var why = Standing.whyNot(review, who, clock.instant(), settings.get().freshSignIn());
      if (why.isPresent()) {
        return new Ruling.NotAllowed(review, why.get());
      }
      if (live.isEmpty()
          || lapsed(live.get())
          || live.get().review().state() != ReviewState.PENDING) {
        return new Ruling.Over(live.isEmpty() ? review : live.get().review());
      }
      var identity = who.identity();
      return deciding.on(live.get(), review.open(identity.personKey(), identity.groups()));
    } finally {
      lock.unlock();
    }
  }

  /** The reviews that are pending or granted and unused, oldest first; from memory. */
  public List<Kept> live() {
    return all.kept().stream().sorted(Comparator.comparing(kept -> kept.review().id())).toList();
  }

  /**
   * A review, whatever its state: from memory, else from the archive.
   *
   * @throws IOException if the archive cannot be read
   */
  public Optional<Kept> find(String id) throws IOException {
    var known = all.known(id);
    return known.isPresent() ? known : archive.find(id);
  }

  /** As clients are told of a review. */
  public Reference reference(Review review) {
    return new Reference(review.id(), snapshots.get().reviewAddress() + review.id());
  }

  /** Appends the entry durably, then applies it. */
  private void change(Live live, Entry entry) throws JournalUnavailableException {
    var position = journal.append(entry);
    live.become(ReviewFold.after(live.review(), EntryJson.parse(entry)), position.index());
    if (!live.review().state().isLive()) {
      all.retire(live);
    }
    earlier.signalAll();
  }

  /** Whether it can no longer change; lets it expire where its time is over. */
  private boolean lapsed(Live live) throws JournalUnavailableException {
    var review = live.review();
    if (review.state().isLive() && !clock.instant().isBefore(review.due())) {
      change(live, entries.expired(review));
    }
    return !live.review().state().isLive();
  }

  private void cancelWhenKilled(Session session, Live live) {
    session.onEnd(() -> {
      if (session.ended().filter(end -> end.reason().equals("killed")).isEmpty()) {
        return;
      }
      lock.lock();
      try {
        if (!lapsed(live)) {
          change(
              live, entries.cancelled(live.review(), session.identity(), "the session was killed"));
        }
      } catch (JournalUnavailableException e) {
        LOG.error("review {} could not be cancelled: {}", live.review().id(), e.getMessage());
      } finally {
        lock.unlock();
      }
    });
  }

  private void wake(Waiter waiter) {
    lock.lock();
    try {
      waiter.woken().signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void expire() {
    lock.lock();
    try {
      while (true) {
        long sleep = ROUND.toNanos();
        var now = clock.instant();
        for (var live : all.lives()) {
          if (!lapsed(live)) {
            sleep = Math.min(sleep, Duration.between(now, live.review().due()).toNanos());
          }
        }
        var _ = earlier.await(Math.max(sleep, 1), TimeUnit.NANOSECONDS);
      }
    } catch (JournalUnavailableException e) {
      // Nothing can be granted or used any more either; the journal itself says why.
      LOG.error("reviews no longer expire: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  /** Stops the thread that lets reviews expire; what is pending stays so in the journal. */
  @Override
  public void close() {
    expiry.interrupt();
  }
}
