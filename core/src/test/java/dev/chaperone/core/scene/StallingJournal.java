package dev.chaperone.core.scene;

import dev.chaperone.journal.Entry;
import dev.chaperone.journal.Journal;
import dev.chaperone.journal.JournalReader;
import dev.chaperone.journal.JournalUnavailableException;
import dev.chaperone.journal.Position;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A real journal whose disk can be made to stand still or to fail. */
public final class StallingJournal implements Journal {
  private final Journal real;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicLong last = new AtomicLong(-1);
  private boolean stalled;
  private boolean failed;

  public StallingJournal(Journal real) {
    this.real = real;
  }

  /** Nothing becomes durable until {@link #resume}. */
  public void stall() {
    change(true, false);
  }

  /** Goes on. */
  public void resume() {
    change(false, false);
  }

  /** Nothing can be added or awaited any more. */
  public void fail() {
    change(false, true);
  }

  /** How many callers wait for the disk now. */
  public int waiting() {
    return waiting.get();
  }

  /** Waits until the real disk has all that was added. */
  public void awaitAll() throws JournalUnavailableException {
    if (last.get() >= 0) {
      real.await(new Position(last.get()));
    }
  }

  private void change(boolean nowStalled, boolean nowFailed) {
    lock.lock();
    try {
      stalled = nowStalled;
      failed = nowFailed;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Position enqueue(Entry entry) throws JournalUnavailableException {
    check();
    var position = real.enqueue(entry);
    last.accumulateAndGet(position.index(), Math::max);
    return position;
  }

  @Override
  public void await(Position position) throws JournalUnavailableException {
    lock.lock();
    try {
      waiting.incrementAndGet();
      while (stalled) {
        changed.awaitUninterruptibly();
      }
      check();
    } finally {
      waiting.decrementAndGet();
      lock.unlock();
    }
    real.await(position);
  }

  private void check() throws JournalUnavailableException {
    lock.lock();
    try {
      if (failed) {
        throw new JournalUnavailableException("the disk failed");
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public String origin() {
    return real.origin();
  }

  @Override
  public JournalReader reader() {
    return real.reader();
  }

  @Override
  public Optional<String> failure() {
    return failed ? Optional.of("the disk failed") : real.failure();
  }

  @Override
  public void close() {
    real.close();
  }
}
