package dev.chaperone.wire;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A peer's bytes, buffered, with a way to notice that the peer leaves while its reader is busy
 * waiting for something else: {@link #watch} reads ahead in the background into the bounded buffer.
 *
 * <p>One thread reads. While a watch runs, the reader must not read; after {@link Watch#close} one
 * background read may still be under way, and the next read takes over what it brings.
 */
public final class ReadAheadInput {
  /** The most that is buffered: a watch stops reading when it is full. */
  public static final int BUFFER_BYTES = 32 << 10;

  private final InputStream source;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int start;

  /** Up to here the reader may read without the lock; it alone uses this. */
  private int readable;

  private int end;
  private boolean ended;
  private boolean backgroundReading;
  private @Nullable IOException failure;
  private @Nullable Watch current;

  ReadAheadInput(InputStream source) {
    this.source = source;
  }

  /** How many bytes can be read without blocking. */
  public int buffered() {
    lock.lock();
    try {
      return end - start;
    } finally {
      lock.unlock();
    }
  }

  /**
   * A byte that is buffered already, without reading it.
   *
   * @param index counted from the next byte to be read
   */
  public int peek(int index) {
    lock.lock();
    try {
      Objects.checkIndex(index, end - start);
      return buffer[start + index] & 0xff;
    } finally {
      lock.unlock();
    }
  }

  /** The next byte, 0 to 255, without reading it, or -1 at the end. Blocks. */
  public int peek() throws IOException {
    return fill() ? buffer[start] & 0xff : -1;
  }

  /** All that can be read without blocking, as read. */
  byte[] takeBuffered() throws IOException {
    var taken = new byte[buffered()];
    readFully(taken, 0, taken.length);
    return taken;
  }

  /** One byte, 0 to 255, or -1 at the end. Blocks. */
  public int read() throws IOException {
    if (!fill()) {
      return -1;
    }
    return buffer[start++] & 0xff;
  }

  /** At least one byte into {@code into}, at most {@code length}, or -1 at the end. Blocks. */
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int count = Math.min(length, readable - start);
    System.arraycopy(buffer, start, into, offset, count);
    start += count;
    return count;
  }

  /** Exactly {@code length} bytes. Blocks. */
  public void readFully(byte[] into, int offset, int length) throws IOException {
    int done = 0;
    while (done < length) {
      int count = read(into, offset + done, length - done);
      if (count < 0) {
        throw new EOFException("the peer left in the middle of a message");
      }
      done += count;
    }
  }

  /** Makes sure that something is readable; false at the end. */
  private boolean fill() throws IOException {
    if (start < readable) {
      return true;
    }
    lock.lock();
    try {
      while (backgroundReading && start == end) {
        changed.awaitUninterruptibly();
      }
      readable = end;
      if (start < end) {
        return true;
      }
      if (failure != null) {
        throw failure;
      }
      if (ended) {
        return false;
      }
    } finally {
      lock.unlock();
    }
    return readMore();
  }

  /** No background read is under way, and none begins before the reader asks for it. */
  private boolean readMore() throws IOException {
    int count = source.read(buffer, 0, buffer.length);
    lock.lock();
    try {
      start = 0;
      end = Math.max(count, 0);
      readable = end;
      ended = count < 0;
      return count > 0;
    } finally {
      lock.unlock();
    }
  }

  void requireNothingBuffered() throws IOException {
    if (buffered() > 0) {
      throw new IOException("unprotected bytes were sent ahead of the TLS handshake");
    }
  }

  /**
   * Reads ahead on a thread of its own until the peer leaves, the buffer is full, or the watch is
   * closed.
   *
   * @param left called once at most, on that thread, when the peer leaves or the connection fails;
   *     at once where it did already
   */
  public Watch watch(Runnable left) {
    lock.lock();
    try {
      var watch = new Watch(left);
      current = watch;
      if (ended || failure != null) {
        Thread.ofVirtual().name("client-watch").start(() -> tell(watch));
      } else if (!backgroundReading) {
        System.arraycopy(buffer, start, buffer, 0, end - start);
        end -= start;
        start = 0;
        readable = end;
        backgroundReading = true;
        Thread.ofVirtual().name("client-watch").start(this::readAhead);
      }
      return watch;
    } finally {
      lock.unlock();
    }
  }

  private void readAhead() {
    while (true) {
      int from;
      lock.lock();
      try {
        var watch = current;
        from = end;
        if (watch == null || watch.closed || from == buffer.length) {
          backgroundReading = false;
          changed.signalAll();
          return;
        }
      } finally {
        lock.unlock();
      }
      int count;
      IOException failed = null;
      try {
        count = source.read(buffer, from, buffer.length - from);
      } catch (IOException e) {
        count = -1;
        failed = e;
      }
      Watch watch;
      lock.lock();
      try {
        if (count >= 0) {
          end = from + count;
          continue;
        }
        ended = failed == null;
        failure = failed;
        backgroundReading = false;
        changed.signalAll();
        watch = current;
      } finally {
        lock.unlock();
      }
      if (watch != null) {
        tell(watch);
      }
      return;
    }
  }

  private void tell(Watch watch) {
    lock.lock();
    try {
      if (watch.closed) {
        return;
      }
    } finally {
      lock.unlock();
    }
    watch.onLeft.run();
  }

  /** A watch under way. */
  public final class Watch implements AutoCloseable {
    private final Runnable onLeft;
    private boolean closed;

    private Watch(Runnable onLeft) {
      this.onLeft = onLeft;
    }

    /**
     * Ends the watch without blocking. A peer that leaves after this is not told of; the callback
     * for one that left just before may still be about to run.
     */
    @Override
    public void close() {
      lock.lock();
      try {
        closed = true;
      } finally {
        lock.unlock();
      }
    }
  }
}
