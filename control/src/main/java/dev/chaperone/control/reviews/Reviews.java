package dev.chaperone.control.reviews;

import dev.chaperone.control.reviews.ReviewArchive.Kept;
import dev.chaperone.core.identity.Identity;
import dev.chaperone.core.identity.SignIn.SignedIn;
import dev.chaperone.core.review.Approvals;
import dev.chaperone.core.review.Waiting;
import dev.chaperone.core.session.Session;
import dev.chaperone.core.snapshot.Snapshot;
import dev.chaperone.journal.Journal;
import dev.chaperone.journal.JournalUnavailableException;
import java.io.IOException;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
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

  private final Supplier<Snapshot> snapshots;
  private final Supplier<ReviewSettings> settings;
  private final AtomicLong tickets = new AtomicLong();
  private final Set<String> watched = ConcurrentHashMap.newKeySet();
  private final ReviewBook book;
  private final Decisions decisions;

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
    this.snapshots = snapshots;
    this.settings = settings;
    this.book = new ReviewBook(journal, archive, clock);
    this.decisions = new Decisions(book, settings);
  }

  @Override
  public Decision await(Ask ask, Waiting waiting)
      throws InterruptedException, JournalUnavailableException {
    var waiter = new Waiter(ask, waiting, tickets.getAndIncrement(), book.newCondition());
    waiting.onInterruption(() -> wake(waiter));
    while (true) {
      switch (join(waiter)) {
        case Joined.TooMany(var limit) -> {
          return new Decision.TooMany(limit);
        }
        case Joined.At(var live, var isNew) -> {
          if (isNew) {
            cancelWhenKilled(ask.session());
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
    book.lock();
    try {
      var ask = waiter.ask();
      var key = ReviewKeys.of(ask);
      var found = book.all().of(key);
      if (found.isPresent() && !book.lapsed(found.get())) {
        found.get().add(waiter);
        return new Joined.At(found.get(), false);
      }
      int limit = settings.get().pendingPerIdentity();
      if (book.all().pendingOf(key.asker()) >= limit) {
        return new Joined.TooMany(limit);
      }
      if (book.all().size() >= MAX_LIVE) {
        return new Joined.TooMany(MAX_LIVE);
      }
      var live = book.open(ask);
      live.add(waiter);
      return new Joined.At(live, true);
    } finally {
      book.unlock();
    }
  }

  /** Blocks; empty when the grant that was waited for served another. */
  private Optional<Decision> waitAt(Live live, Waiter waiter)
      throws InterruptedException, JournalUnavailableException {
    book.lock();
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
      book.unlock();
    }
  }

  /** Writing to the client may block, so others may decide meanwhile. */
  private void tell(Live live, Waiter waiter) {
    waiter.tellAgainIn(settings.get().tellEvery());
    book.unlock();
    try {
      waiter.waiting().tell(reference(live.review()));
    } finally {
      book.lock();
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
        book.change(live, book.entries().cancelled(live.review(), identity, why));
      }
      return new Step.Done(new Decision.Cancelled(reference));
    }
    var _ = book.lapsed(live);
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
    book.use(live, waiter.ask());
    var review = live.review();
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
    return decisions.grant(id, who, reason);
  }

  /** A person refuses; one is enough, and nothing runs. Parameters as for {@link #grant}. */
  public Ruling refuse(String id, SignedIn who, String reason)
      throws JournalUnavailableException, IOException {
    return decisions.refuse(id, who, reason);
  }

  /**
   * Ends a review without deciding it: by who asked, or by an administrator.
   *
   * @param administrator whether {@code who} is one
   */
  public Ruling cancel(String id, Identity who, boolean administrator, String reason)
      throws JournalUnavailableException, IOException {
    return decisions.cancel(id, who, administrator, reason);
  }

  /** The reviews that are pending or granted and unused, oldest first; from memory. */
  public List<Kept> live() {
    return book.all().kept().stream()
        .sorted(Comparator.comparing(kept -> kept.review().id()))
        .toList();
  }

  /**
   * A review, whatever its state: from memory, else from the archive.
   *
   * @throws IOException if the archive cannot be read
   */
  public Optional<Kept> find(String id) throws IOException {
    return book.find(id);
  }

  /** As clients are told of a review. */
  public Reference reference(Review review) {
    return new Reference(review.id(), snapshots.get().reviewAddress() + review.id());
  }

  /** One registration a session, however many of its commands are held. */
  private void cancelWhenKilled(Session session) {
    if (watched.add(session.id())) {
      session.onEnd(() -> {
        watched.remove(session.id());
        if (session.ended().filter(end -> end.reason().equals("killed")).isPresent()) {
          cancelAllOf(session);
        }
      });
    }
  }

  private void cancelAllOf(Session session) {
    book.lock();
    try {
      for (var live : book.all().askedBy(session.id())) {
        if (!book.lapsed(live)) {
          book.change(
              live,
              book.entries()
                  .cancelled(live.review(), session.identity(), "the session was killed"));
        }
      }
    } catch (JournalUnavailableException e) {
      LOG.error("reviews of {} could not be cancelled: {}", session.id(), e.getMessage());
    } finally {
      book.unlock();
    }
  }

  private void wake(Waiter waiter) {
    book.lock();
    try {
      waiter.woken().signalAll();
    } finally {
      book.unlock();
    }
  }

  /** Stops the thread that lets reviews expire; what is pending stays so in the journal. */
  @Override
  public void close() {
    book.close();
  }
}
