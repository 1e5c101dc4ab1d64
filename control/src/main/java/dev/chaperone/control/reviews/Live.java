package dev.chaperone.control.reviews;

import dev.chaperone.control.reviews.ReviewArchive.Kept;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/**
 * A review that can still change, and who waits for it, the oldest first. Guarded by the lock of
 * {@link Reviews}; the review itself may be read by anyone.
 */
final class Live {
  private final TreeSet<Waiter> waiters = new TreeSet<>(Comparator.comparingLong(Waiter::ticket));
  private final List<Long> entries;
  private volatile Kept kept;

  Live(Kept kept) {
    this.entries = new ArrayList<>(kept.entries());
    this.kept = kept;
  }

  Review review() {
    return kept.review();
  }

  Kept kept() {
    return kept;
  }

  void become(Review next, long entry) {
    entries.add(entry);
    kept = new Kept(next, entries);
    wakeAll();
  }

  void add(Waiter waiter) {
    waiters.add(waiter);
  }

  void remove(Waiter waiter) {
    waiters.remove(waiter);
    wakeAll();
  }

  boolean isOldest(Waiter waiter) {
    return waiters.first() == waiter;
  }

  private void wakeAll() {
    waiters.forEach(waiter -> waiter.woken().signalAll());
  }
}
