package dev.chaperone.postgres.session;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The bounded queue between the pumps: what was sent to the server and is not answered yet. The
 * request pump adds, the response pump takes; either side's failure wakes the other.
 */
final class InFlight {
  /** How many messages may be unanswered at once. */
  static final int CAPACITY = 1_024;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<Expected> queue = new ArrayDeque<>();
  private int segmentEnds;
  private boolean skipping;
  private boolean takesCopyData;
  private @Nullable Throwable failure;

  /** Whether everything that was asked is answered. */
  boolean isEmpty() {
    return head() == null;
  }

  /** Whether another item can be added without waiting. */
  boolean hasRoom() {
    lock.lock();
    try {
      return queue.size() < CAPACITY;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Adds what was asked; waits while the queue is full, so what it waits for must have been sent
   * before.
   */
  void add(Expected expected) throws IOException, InterruptedException {
    lock.lock();
    try {
      while (queue.size() >= CAPACITY && failure == null) {
        changed.await();
      }
      requireAlive();
      queue.add(expected);
      if (expected.endsSegment()) {
        segmentEnds++;
      }
    } finally {
      lock.unlock();
    }
  }

  /** The oldest that is not answered to its end; null when there is none. */
  @Nullable Expected head() {
    lock.lock();
    try {
      return queue.peekFirst();
    } finally {
      lock.unlock();
    }
  }

  /** The oldest is answered to its end. */
  void answered() {
    lock.lock();
    try {
      remove();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * The oldest has failed: the server answers nothing more up to the end of the segment. In one
   * step, so that whoever waits for the answers does not take them for complete.
   */
  void failed() {
    lock.lock();
    try {
      skipping = true;
      remove();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The segment's end has come; nothing is skipped any more. */
  void segmentEnded() {
    lock.lock();
    try {
      skipping = false;
      remove();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Whether the server skips what is sent now, up to the next Sync. */
  boolean skips() {
    lock.lock();
    try {
      return skipping && segmentEnds == 0;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until everything that the server will answer is answered, and has been handed to the
   * client's writer. What waits must have been sent, and followed by a Flush or Sync.
   */
  void awaitAnswered() throws IOException, InterruptedException {
    lock.lock();
    try {
      while (!isAnswered() && failure == null) {
        changed.await();
      }
      requireAlive();
    } finally {
      lock.unlock();
    }
  }

  /** The server takes the client's data for a COPY from now on, or no longer. */
  void takesCopyData(boolean now) {
    lock.lock();
    try {
      takesCopyData = now;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Whether the server takes the client's data for a COPY, as far as it has said. */
  boolean takesCopyData() {
    lock.lock();
    try {
      return takesCopyData;
    } finally {
      lock.unlock();
    }
  }

  /**
   * As {@link #awaitAnswered}, but ends also when the server begins to take data for a COPY.
   *
   * @return whether it does
   */
  boolean awaitCopyData() throws IOException, InterruptedException {
    lock.lock();
    try {
      while (!takesCopyData && !isAnswered() && failure == null) {
        changed.await();
      }
      requireAlive();
      return takesCopyData;
    } finally {
      lock.unlock();
    }
  }

  private boolean isAnswered() {
    return queue.isEmpty() || (skipping && segmentEnds == 0);
  }

  /** Wakes whoever waits: the session is over. */
  void fail(Throwable why) {
    lock.lock();
    try {
      if (failure == null) {
        failure = why;
      }
      for (Expected expected : queue) {
        if (expected instanceof Expected.Asked(var answer)) {
          answer.fail("the session is over");
        } else if (expected instanceof Expected.Outlined(var answer, var _)) {
          answer.done().completeExceptionally(why);
        }
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void remove() {
    var removed = queue.removeFirst();
    if (removed.endsSegment()) {
      segmentEnds--;
    }
  }

  private void requireAlive() throws IOException {
    if (failure != null) {
      throw new IOException("the session is over", failure);
    }
  }
}
