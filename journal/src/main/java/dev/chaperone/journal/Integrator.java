package dev.chaperone.journal;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The thread that brings the tree up to what is durable and signs it, at most once in {@link
 * JournalSettings#checkpointEvery}. If it fails, the journal fails: entries that nobody will sign
 * are not recorded as promised.
 */
final class Integrator {
  private static final Duration LONG = Duration.ofHours(1);

  private final SignedTree tree;
  private final GroupCommit commits;
  private final JournalSettings settings;
  private final Failure failure;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;

  Integrator(SignedTree tree, GroupCommit commits, JournalSettings settings, Failure failure) {
    this.tree = tree;
    this.commits = commits;
    this.settings = settings;
    this.failure = failure;
    this.thread = Thread.ofPlatform().name("journal-integrator").daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      while (true) {
        // Asked first, so that what came before the end is still seen.
        boolean ended = commits.ended();
        if (commits.awaitBeyond(tree.signed(), LONG)) {
          tree.advance();
          pause();
        } else if (ended) {
          return;
        }
      }
    } catch (IOException | RuntimeException | Error e) {
      failure.set("signing the journal", e);
    } catch (InterruptedException e) {
      failure.set("waiting for entries to sign", e);
      Thread.currentThread().interrupt();
    }
  }

  /** Sleeps, but not beyond the beginning of the close. */
  private void pause() throws InterruptedException {
    boolean ignored = closing.await(settings.checkpointEvery().toNanos(), TimeUnit.NANOSECONDS);
  }

  /**
   * Signs what is durable and ends, once the commits ended; false if that takes longer than {@code
   * max}.
   */
  boolean close(Duration max) {
    closing.countDown();
    return Threads.join(thread, max);
  }
}
