package dev.chaperone.wire;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

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

  /** Closes the connection unless the deadline is closed before. */
  public Deadline closeAfter(Connection connection, Duration bound) {
    return new Deadline(timer.schedule(connection::close, bound.toMillis(), TimeUnit.MILLISECONDS));
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }

  /** A deadline that may be met. */
  public static final class Deadline implements AutoCloseable {
    private final ScheduledFuture<?> closing;

    private Deadline(ScheduledFuture<?> closing) {
      this.closing = closing;
    }

    /** The work was done in time. */
    @Override
    public void close() {
      closing.cancel(false);
    }
  }
}
