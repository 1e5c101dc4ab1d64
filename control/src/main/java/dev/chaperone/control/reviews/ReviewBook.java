package dev.chaperone.control.reviews;

import dev.chaperone.control.record.ContentReader;
import dev.chaperone.control.record.EntryJson;
import dev.chaperone.control.reviews.ReviewArchive.Kept;
import dev.chaperone.core.review.Approvals.Ask;
import dev.chaperone.core.session.Ids;
import dev.chaperone.journal.Entry;
import dev.chaperone.journal.Journal;
import dev.chaperone.journal.JournalUnavailableException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where reviews change: under one lock, durably first, and by the very entry that was recorded. A
 * method that takes a {@link Live} or changes anything is called under the lock; finding takes
 * none.
 */
final class ReviewBook implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ReviewBook.class);
  private static final Duration ROUND = Duration.ofSeconds(1);

  private final Journal journal;
  private final ReviewArchive archive;
  private final Clock clock;
  private final Ids ids;
  private final ReviewEntries entries;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition earlier = lock.newCondition();
  private final LiveReviews all = new LiveReviews();
  private final Thread expiry;

  /** Takes up what is pending or granted, and starts the thread that lets reviews expire. */
  ReviewBook(Journal journal, ReviewArchive archive, Clock clock) throws IOException {
    this.journal = journal;
    this.archive = archive;
    this.clock = clock;
    this.ids = new Ids(clock);
    this.entries = new ReviewEntries(clock);
    archive.live().forEach(kept -> all.add(new Live(kept)));
    this.expiry = Thread.ofPlatform().daemon().name("reviews-expiry").start(this::expire);
  }

  void lock() {
    lock.lock();
  }

  void unlock() {
    lock.unlock();
  }

  Condition newCondition() {
    return lock.newCondition();
  }

  ReviewEntries entries() {
    return entries;
  }

  LiveReviews all() {
    return all;
  }

  Instant now() {
    return clock.instant();
  }

  /** Opens a review, durably. */
  Live open(Ask ask) throws JournalUnavailableException {
    var id = ids.next("r-");
    var expires = now().plus(ask.hold().expires());
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

  /** Appends the entry durably, then applies it. */
  void change(Live live, Entry entry) throws JournalUnavailableException {
    var position = journal.append(entry);
    live.become(ReviewFold.after(live.review(), EntryJson.parse(entry)), position.index());
    if (!live.review().state().isLive()) {
      all.retire(live);
    }
    earlier.signalAll();
  }

  /** Uses a grant up for the command that asks; recorded in order, not awaited. */
  void use(Live live, Ask ask) throws JournalUnavailableException {
    var position = entries.used(ask, live.review().id());
    live.become(live.review().in(ReviewState.USED), position.index());
    all.retire(live);
  }

  /** Whether it can no longer change; lets it expire where its time is over. */
  boolean lapsed(Live live) throws JournalUnavailableException {
    var review = live.review();
    if (review.state().isLive() && !now().isBefore(review.due())) {
      change(live, entries.expired(review));
    }
    return !live.review().state().isLive();
  }

  /** A review, whatever its state: from memory, else from the archive. */
  Optional<Kept> find(String id) throws IOException {
    var known = all.known(id);
    return known.isPresent() ? known : archive.find(id);
  }

  private void expire() {
    lock.lock();
    try {
      while (true) {
        long sleep = ROUND.toNanos();
        var now = now();
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

  /** Stops the thread that lets reviews expire. */
  @Override
  public void close() {
    expiry.interrupt();
  }
}
