package dev.chaperone.control.projection;

import dev.chaperone.control.record.DamagedEntryException;
import dev.chaperone.journal.JournalReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the state file up to date with the journal, on one thread of its own, a transaction a
 * batch. It never stands in a command's way: what goes wrong is in {@link #failure}, and it tries
 * again. Safe for many threads.
 */
public final class Projection implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Projection.class);
  private static final int BATCH = 1_000;
  private static final Duration ROUND = Duration.ofSeconds(1);

  /** Between batches while nobody waits: many entries together cost far less than one by one. */
  private static final Duration PACE = Duration.ofMillis(50);

  private final Path file;
  private final JournalReader journal;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition progress = lock.newCondition();
  private final Condition hurry = lock.newCondition();
  private final Lookups lookups;
  private Database database;
  private long applied;
  private int waiting;
  private @Nullable Thread tail;
  private volatile boolean closed;
  private volatile @Nullable String failure;

  private Projection(Path file, JournalReader journal, Database database, long applied)
      throws SQLException {
    this.file = file;
    this.journal = journal;
    this.database = database;
    this.applied = applied;
    this.lookups = new Lookups(file);
  }

  /**
   * Opens the state file, or makes it anew if it is missing, unreadable, of another version or
   * another journal, or ahead of the journal. Reads nothing of the journal yet.
   *
   * @param file usually {@code data/state.sqlite3}; the caller holds the data directory's lock
   * @param origin the journal's name
   * @throws ProjectionUnavailableException if the file cannot be made
   */
  public static Projection open(Path file, JournalReader journal, String origin)
      throws ProjectionUnavailableException {
    try {
      try {
        var existing = existing(file, journal, origin);
        if (existing.isPresent()) {
          return existing.get();
        }
      } catch (SQLException e) {
        LOG.warn("the state file {} is not readable and is made again: {}", file, e.getMessage());
      }
      for (var suffix : new String[] {"", "-wal", "-shm"}) {
        Files.deleteIfExists(file.resolveSibling(file.getFileName() + suffix));
      }
      return fresh(file, journal, origin);
    } catch (SQLException | IOException e) {
      throw new ProjectionUnavailableException(
          "the state file " + file + " cannot be made: " + e.getMessage(), e);
    }
  }

  private static Optional<Projection> existing(Path file, JournalReader journal, String origin)
      throws SQLException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    var database = Database.write(file);
    boolean kept = false;
    try {
      if (meta(database, "version").filter(Schema.VERSION::equals).isEmpty()
          || meta(database, "origin").filter(origin::equals).isEmpty()) {
        return Optional.empty();
      }
      long applied = Long.parseLong(meta(database, "applied").orElse("-1"));
      if (applied < 0 || applied > journal.size()) {
        return Optional.empty();
      }
      var projection = new Projection(file, journal, database, applied);
      kept = true;
      return Optional.of(projection);
    } finally {
      if (!kept) {
        database.close();
      }
    }
  }

  private static Projection fresh(Path file, JournalReader journal, String origin)
      throws SQLException, IOException {
    var database = Database.write(file);
    database.transaction(() -> {
      Schema.create(database);
      database.change("INSERT INTO meta VALUES ('version', ?)", Schema.VERSION);
      database.change("INSERT INTO meta VALUES ('origin', ?)", origin);
      database.change("INSERT INTO meta VALUES ('applied', '0')");
    });
    return new Projection(file, journal, database, 0);
  }

  private static Optional<String> meta(Database database, String key) throws SQLException {
    return database.first(row -> row.getString(1), "SELECT value FROM meta WHERE key = ?", key);
  }

  /**
   * Applies everything that is durable now; blocks for that.
   *
   * @throws ProjectionUnavailableException if an entry cannot be read or applied; its index is told
   */
  public void catchUp() throws ProjectionUnavailableException {
    long size = journal.size();
    while (applied() < size) {
      batch();
    }
  }

  /** Follows the journal from here on, until it is closed. */
  public synchronized void start() {
    if (tail == null) {
      tail = Thread.ofPlatform().daemon().name("projection").start(this::follow);
    }
  }

  /** What can be looked up. */
  public Lookups lookups() {
    return lookups;
  }

  /** Why the state file is behind, for the operator; empty while all is well. */
  public Optional<String> failure() {
    return Optional.ofNullable(failure);
  }

  /** How many entries have been applied. */
  public long applied() {
    lock.lock();
    try {
      return applied;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Blocks until everything that is durable now can be looked up.
   *
   * @throws ProjectionUnavailableException if that takes longer than {@code max}
   */
  public void awaitCurrent(Duration max)
      throws ProjectionUnavailableException, InterruptedException {
    long size = journal.size();
    long nanos = max.toNanos();
    lock.lockInterruptibly();
    waiting++;
    try {
      hurry.signalAll();
      while (applied < size) {
        if (nanos <= 0) {
          var why = failure;
          throw new ProjectionUnavailableException(
              why == null ? "the state file is still being brought up to date" : why, null);
        }
        nanos = progress.awaitNanos(nanos);
      }
    } finally {
      waiting--;
      lock.unlock();
    }
  }

  private void follow() {
    while (!closed) {
      try {
        long from = System.nanoTime();
        if (journal.awaitBeyond(applied(), ROUND)) {
          batch();
          failure = null;
          collect();
        } else if (System.nanoTime() - from < ROUND.toNanos() / 2) {
          pause(); // a journal that is closed or failed answers at once
        }
      } catch (ProjectionUnavailableException e) {
        if (failure == null) {
          LOG.error("{}", e.getMessage(), e);
        }
        failure = e.getMessage();
        pause();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** Lets a batch come together, unless it has already or somebody waits. */
  private void collect() throws InterruptedException {
    long nanos = PACE.toNanos();
    lock.lockInterruptibly();
    try {
      while (nanos > 0 && waiting == 0 && !closed && journal.size() - applied < BATCH) {
        nanos = hurry.awaitNanos(nanos);
      }
    } finally {
      lock.unlock();
    }
  }

  private void pause() {
    try {
      Thread.sleep(ROUND);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closed = true;
    }
  }

  private void batch() throws ProjectionUnavailableException {
    lock.lock();
    try {
      long to = Math.min(applied + BATCH, journal.size());
      long[] at = {applied};
      try {
        var projector = new EntryProjector(database);
        database.transaction(() -> {
          journal.<SQLException>forEach(
              applied,
              to,
              (position, entry) -> {
                at[0] = position.index();
                projector.apply(position.index(), entry);
              });
          projector.finish();
          database.change("UPDATE meta SET value = ? WHERE key = 'applied'", Long.toString(to));
        });
      } catch (SQLException | IOException | DamagedEntryException e) {
        throw new ProjectionUnavailableException(
            "the state file cannot follow the journal at entry " + at[0] + ": " + e.getMessage(),
            e);
      }
      applied = to;
      progress.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Stops following and releases the file. */
  @Override
  public void close() {
    closed = true;
    Thread running;
    synchronized (this) {
      running = tail;
    }
    if (running != null) {
      running.interrupt();
      try {
        running.join(Duration.ofSeconds(10));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    lock.lock();
    try {
      lookups.close();
      database.close();
    } catch (SQLException e) {
      LOG.warn("the state file {} could not be closed: {}", file, e.getMessage());
    } finally {
      lock.unlock();
    }
  }
}
