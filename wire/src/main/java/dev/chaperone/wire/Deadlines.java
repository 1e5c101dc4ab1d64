package dev.chaperone.wire;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Closes connections that are not done in time, however slowly they go on. Safe for many threads.
 */
public final class Deadlines implements AutoCloseable {
  private final ScheduledThreadPoolExecutor timer;

  public Deadlines() {
    timer =
        new ScheduledThreadPoolExecutor(
            1, work -> Thread.ofPlatform().daemon().name("deadlines").unstarted(work));
    timer.setRemoveOnCancelPolicy(true);
  }

  /**
   * Closes the connection unless the deadline is closed before; at once where these deadlines are
   * closed already, since nobody would look at the clock any more.
   */
  public Deadline closeAfter(Connection connection, Duration bound) {
    var over = new AtomicBoolean();
    Runnable closing =
        () -> {
          over.set(true); // before whoever reads is woken and asks
          connection.close();
        };
    try {
      return new Deadline(timer.schedule(closing, bound.toMillis(), TimeUnit.MILLISECONDS), over);
    } catch (RejectedExecutionException e) {
      closing.run();
      return new Deadline(CompletableFuture.completedFuture(null), over);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }

  /** A deadline that may be met. */
  public static final class Deadline implements AutoCloseable {
    private final Future<?> closing;
    private final AtomicBoolean over;

    private Deadline(Future<?> closing, AtomicBoolean over) {
      this.closing = closing;
      this.over = over;
    }

    /** Whether the time was over, so that the connection is closed or closing. */
    public boolean passed() {
      return over.get();
    }

    /** The work was done in time. */
    @Override
    public void close() {
      closing.cancel(false);
    }
  }
}
