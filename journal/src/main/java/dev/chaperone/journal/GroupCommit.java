package dev.chaperone.journal;

import dev.chaperone.journal.log.SegmentLog;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One thread that writes what many enqueue: all that waits goes to the disk with one sync, and
 * meanwhile the next batch collects. What somebody waits for does not wait for company; what nobody
 * waits for does, for at most {@link #LINGER}, so that it costs no sync of its own and delays
 * nobody else's.
 */
final class GroupCommit {
  /** How long an entry that nobody waits for may stay in memory. */
  static final Duration LINGER = Duration.ofMillis(5);

  /** Entries that become durable together. Guarded by the lock until it is written. */
  private static final class Batch {
    private final long first;
    private final List<byte[]> entries = new ArrayList<>();
    private final CountDownLatch done = new CountDownLatch(1);
    private int bytes;

    Batch(long first) {
      this.first = first;
    }

    long end() {
      return first + entries.size();
    }
  }

  private final SegmentLog log;
  private final JournalSettings settings;
  private final Failure failure;
  private final Thread writer;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final Condition room = lock.newCondition();
  private final Condition advanced = lock.newCondition();

  private Batch collecting;
  private @Nullable Batch writing;

  /** Whether somebody waits for what is collected, or it is much. */
  private boolean wanted;

  /** Whether the writer sleeps until it is woken. */
  private boolean idle;

  private boolean closing;
  private boolean ended;

  GroupCommit(SegmentLog log, JournalSettings settings, Failure failure) {
    this.log = log;
    this.settings = settings;
    this.failure = failure;
    this.collecting = new Batch(log.size());
    this.writer = Thread.ofPlatform().name("journal-writer").daemon().unstarted(this::write);
  }

  void start() {
    writer.start();
  }

  Position enqueue(Entry entry) throws JournalUnavailableException {
    byte[] bytes = entry.unshared();
    lock.lock();
    try {
      awaitRoom(bytes.length);
      Position position = new Position(collecting.end());
      collecting.entries.add(bytes);
      collecting.bytes += bytes.length;
      if (idle) {
        work.signal();
      }
      return position;
    } finally {
      lock.unlock();
    }
  }

  private void awaitRoom(int bytes) throws JournalUnavailableException {
    long nanos = settings.patience().toNanos();
    while (true) {
      failure.check();
      if (closing) {
        throw new JournalUnavailableException("the journal is closed");
      }
      if (collecting.entries.size() < settings.queueEntries()
          && bytes <= settings.queueBytes() - collecting.bytes) {
        return;
      }
      if (nanos <= 0) {
        throw new JournalUnavailableException(
            "the journal's queue was full for " + settings.patience() + ": the disk is too slow");
      }
      want();
      try {
        nanos = room.awaitNanos(nanos);
      } catch (InterruptedException e) {
        throw interrupted(e);
      }
    }
  }

  /** Under the lock. */
  private void want() {
    if (!wanted) {
      wanted = true;
      work.signal();
    }
  }

  void await(Position position) throws JournalUnavailableException {
    long index = position.index();
    if (log.size() > index) {
      return;
    }
    CountDownLatch done = batchOf(index);
    try {
      if (done != null && !done.await(settings.patience().toNanos(), TimeUnit.NANOSECONDS)) {
        throw new JournalUnavailableException(
            "an entry was not durable after " + settings.patience() + ": the disk is too slow");
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    if (log.size() <= index) {
      failure.check();
      throw new JournalUnavailableException("the journal was closed before an entry was durable");
    }
  }

  private @Nullable CountDownLatch batchOf(long index) {
    lock.lock();
    try {
      if (index >= collecting.end()) {
        throw new IllegalArgumentException("no entry was given the position " + index);
      }
      if (index >= collecting.first) {
        want();
        return collecting.done;
      }
      return writing == null || log.size() > index ? null : writing.done;
    } finally {
      lock.unlock();
    }
  }

  private static JournalUnavailableException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new JournalUnavailableException("interrupted while waiting for the journal", e);
  }

  /** Blocks until the entry {@code index} is durable, for {@code max}, or until the end. */
  boolean awaitBeyond(long index, Duration max) throws InterruptedException {
    long nanos = max.toNanos();
    lock.lockInterruptibly();
    try {
      while (log.size() <= index && !ended && nanos > 0) {
        nanos = advanced.awaitNanos(nanos);
      }
      return log.size() > index;
    } finally {
      lock.unlock();
    }
  }

  /** Whether nothing becomes durable any more. */
  boolean ended() {
    lock.lock();
    try {
      return ended;
    } finally {
      lock.unlock();
    }
  }

  private void write() {
    try {
      for (Batch batch = take(); batch != null; batch = take()) {
        log.append(batch.entries);
        batch.done.countDown();
      }
    } catch (IOException | RuntimeException | Error e) {
      failure.set("writing the journal", e);
    } finally {
      end();
    }
  }

  /** Waits for something to write; null when there is no more to come. */
  private @Nullable Batch take() {
    lock.lock();
    try {
      writing = null;
      advanced.signalAll();
      while (!wanted && !closing && !linger()) {
        if (!closing) { // it may have come meanwhile
          idle = true;
          work.awaitUninterruptibly();
          idle = false;
        }
      }
      if (collecting.entries.isEmpty()) {
        return null;
      }
      wanted = false;
      Batch batch = collecting;
      collecting = new Batch(batch.end());
      writing = batch;
      room.signalAll();
      return batch;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Lets entries come that nobody waits for; without a signal for each, since this looks for itself
   * when the time is over.
   *
   * @return whether there is something to write when it is
   */
  private boolean linger() {
    long nanos = LINGER.toNanos();
    try {
      while (!wanted && !closing && nanos > 0) {
        nanos = work.awaitNanos(nanos);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("the journal's writer was interrupted", e);
    }
    return !collecting.entries.isEmpty();
  }

  /** Nothing becomes durable any more: whoever waits learns so. */
  private void end() {
    lock.lock();
    try {
      ended = true;
      closing = true;
      if (writing != null) {
        writing.done.countDown();
      }
      collecting.done.countDown();
      room.signalAll();
      advanced.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes nothing more, and waits until what was taken is durable; false if that takes longer than
   * {@code max}.
   */
  boolean close(Duration max) {
    lock.lock();
    try {
      closing = true;
      work.signal();
      room.signalAll();
    } finally {
      lock.unlock();
    }
    return Threads.join(writer, max);
  }
}
