package dev.chaperone.postgres.session;

import dev.chaperone.postgres.catalogue.Catalogue;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The newest catalogue of each database, shared by its sessions. Bounded by the number of databases
 * that targets name.
 */
public final class Catalogues {
  /** How old a catalogue may be before it is read anew. */
  static final Duration FRESH = Duration.ofSeconds(30);

  private final Map<String, State> byDatabase = new ConcurrentHashMap<>();

  /**
   * @param newest the newest that was read; null once it is known to be out of date
   * @param changed {@link System#nanoTime} of the last change that was seen, null for none
   */
  private record State(@Nullable Loaded newest, @Nullable Long changed) {
    static final State NOTHING = new State(null, null);

    State with(Loaded loaded) {
      boolean outdated = changed != null && loaded.nanos() - changed <= 0;
      boolean older = newest != null && loaded.nanos() - newest.nanos() < 0;
      return outdated || older ? this : new State(loaded, changed);
    }
  }

  /**
   * A catalogue and when it was read.
   *
   * @param nanos {@link System#nanoTime} before the reading began
   */
  record Loaded(Catalogue catalogue, long nanos) {
    boolean isFresh() {
      return System.nanoTime() - nanos < FRESH.toNanos();
    }
  }

  Optional<Loaded> find(String database) {
    return Optional.ofNullable(byDatabase.getOrDefault(database, State.NOTHING).newest());
  }

  /** A catalogue was read; it counts unless a newer one is there, or a change was seen since. */
  void put(String database, Loaded loaded) {
    byDatabase.compute(
        database, (_, state) -> (state == null ? State.NOTHING : state).with(loaded));
  }

  /**
   * Something changed the database's structure: whoever needs it reads it anew, and what is being
   * read at this moment is not shared.
   */
  void invalidate(String database) {
    byDatabase.put(database, new State(null, System.nanoTime()));
  }
}
