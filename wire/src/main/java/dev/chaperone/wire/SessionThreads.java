package dev.chaperone.wire;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The one source of the threads that serve connections: platform threads up to a bound, since they
 * are faster at few connections, virtual threads beyond it. The code that runs on them does not
 * know which.
 */
public final class SessionThreads {
  private final int platformThreads;
  private final AtomicInteger running = new AtomicInteger();

  /**
   * @param platformThreads how many platform threads run at once at most
   */
  public SessionThreads(int platformThreads) {
    this.platformThreads = platformThreads;
  }

  /** Starts a daemon thread: a virtual one also where the system gives no platform thread more. */
  public Thread start(String name, Runnable work) {
    if (running.incrementAndGet() <= platformThreads) {
      try {
        return Thread.ofPlatform().daemon().name(name).start(() -> counted(work));
      } catch (OutOfMemoryError noThread) {
        return Thread.ofVirtual().name(name).start(() -> counted(work));
      }
    }
    return Thread.ofVirtual().name(name).start(() -> counted(work));
  }

  private void counted(Runnable work) {
    try {
      work.run();
    } finally {
      running.decrementAndGet();
    }
  }
}
