package dev.chaperone.postgres.session;

import dev.chaperone.postgres.catalogue.Catalogue;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The newest catalogue of each database, shared by its sessions. Bounded by the number of databases
 * that targets name.
 */
public final class Catalogues {
  /** How old a catalogue may be before it is read anew. */
  static final Duration FRESH = Duration.ofSeconds(30);

  private final Map<String, Loaded> byDatabase = new ConcurrentHashMap<>();

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
    return Optional.ofNullable(byDatabase.get(database));
  }

  void put(String database, Loaded loaded) {
    byDatabase.merge(database, loaded, (a, b) -> a.nanos() - b.nanos() > 0 ? a : b);
  }

  /** Something changed the database's structure: whoever needs it reads it anew. */
  void invalidate(String database) {
    byDatabase.remove(database);
  }
}
