package dev.chaperone.journal;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The first thing that went wrong in a journal, which ends it. Safe for any number of threads. */
final class Failure {

  private record First(String what, Throwable cause) {}

  private final AtomicReference<@Nullable First> first = new AtomicReference<>();

  /**
   * Notes a failure; only the first one counts.
   *
   * @param doing what the journal was doing, as in "writing the segments"
   */
  void set(String doing, Throwable cause) {
    String what = doing + " failed, so nothing more is recorded: " + cause;
    first.compareAndSet(null, new First(what, cause));
  }

  Optional<String> text() {
    return Optional.ofNullable(first.get()).map(First::what);
  }

  /** Throws if something went wrong. */
  void check() throws JournalUnavailableException {
    First failure = first.get();
    if (failure != null) {
      throw new JournalUnavailableException(failure.what(), failure.cause());
    }
  }
}
