package dev.chaperone.journal;

import dev.chaperone.journal.log.Disk;
import dev.chaperone.journal.log.Durable;
import dev.chaperone.journal.log.SegmentLog;
import dev.chaperone.journal.note.KeyFiles;
import dev.chaperone.journal.note.SigningKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/** A journal in a directory of its own (docs/formats/journal.md). */
public final class SegmentedJournal implements Journal {
  /** How long a close waits for the disk: a graceful stop gets more time than a command. */
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(30);

  private final String origin;
  private final DirectoryLock lock;
  private final SegmentLog log;
  private final Failure failure = new Failure();
  private final GroupCommit commits;
  private final Integrator integrator;
  private final AtomicBoolean closed = new AtomicBoolean();

  private SegmentedJournal(
      JournalSettings settings, DirectoryLock lock, SegmentLog log, SignedTree tree) {
    this.origin = settings.origin();
    this.lock = lock;
    this.log = log;
    this.commits = new GroupCommit(log, settings, failure);
    this.integrator = new Integrator(tree, commits, settings, failure);
  }

  /**
   * Opens the journal in {@code directory}, which is made, with a new key, where it is missing, and
   * recovers what a crash left. Blocks until every record is read. The caller closes the journal.
   *
   * @throws IOException if the directory is in use, open to others, damaged or cannot be used; the
   *     message says what, naming file and offset
   */
  public static SegmentedJournal open(Path directory, JournalSettings settings) throws IOException {
    return open(directory, settings, Disk.local());
  }

  /** As {@link #open(Path, JournalSettings)}, writing through {@code disk}. */
  public static SegmentedJournal open(Path directory, JournalSettings settings, Disk disk)
      throws IOException {
    Path home = directory.toAbsolutePath().normalize();
    disk.createDirectories(home);
    KeyFiles.requireOwnerOnly(home, "700");
    DirectoryLock lock = DirectoryLock.take(home);
    try {
      SegmentedJournal journal = recover(home, settings, disk, lock);
      journal.commits.start();
      journal.integrator.start();
      return journal;
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private static SegmentedJournal recover(
      Path home, JournalSettings settings, Disk disk, DirectoryLock lock) throws IOException {
    Path scratch = home.resolve("tmp");
    Path segments = home.resolve("segments");
    Path served = home.resolve("log");
    Durable files = new Durable(disk, scratch);
    files.makeDirectory(segments);
    files.makeDirectory(served);
    files.syncNames();
    SigningKey key = key(files, home, settings.origin(), segments, served);
    KeyFiles.publish(files, served.resolve("key.pub"), key.verifierKey());
    SegmentLog log = SegmentLog.open(disk, segments, scratch, settings.segmentBytes());
    try {
      SignedTree tree = new SignedTree(served, log, key, files);
      tree.open();
      return new SegmentedJournal(settings, lock, log, tree);
    } catch (IOException | RuntimeException e) {
      log.close();
      throw e;
    }
  }

  private static SigningKey key(Durable files, Path home, String origin, Path segments, Path served)
      throws IOException {
    Path file = home.resolve("key");
    if (Files.exists(file)) {
      return KeyFiles.read(file, origin);
    }
    // A log is never signed anew with another key, so a key is made for an empty one alone.
    try (Stream<Path> segmentFiles = Files.list(segments);
        Stream<Path> servedFiles = Files.list(served)) {
      if (segmentFiles.findAny().isPresent() || servedFiles.findAny().isPresent()) {
        throw new IOException(file + ": the private key is missing, and the log has entries");
      }
    }
    return KeyFiles.create(files, file, origin);
  }

  @Override
  public Position enqueue(Entry entry) throws JournalUnavailableException {
    return commits.enqueue(entry);
  }

  @Override
  public void await(Position position) throws JournalUnavailableException {
    commits.await(position);
  }

  @Override
  public String origin() {
    return origin;
  }

  @Override
  public JournalReader reader() {
    return new Reader(log, commits);
  }

  @Override
  public Optional<String> failure() {
    return failure.text();
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    boolean written = commits.close(CLOSE_PATIENCE);
    boolean signed = written && integrator.close(CLOSE_PATIENCE);
    if (!signed) {
      // A thread still writes: the lock stays, so that no second one writes beside it.
      failure.set("closing the journal", new IOException("the disk is too slow"));
      return;
    }
    try (lock) {
      log.close();
    } catch (IOException e) {
      failure.set("closing the journal", e);
    }
  }

  private record Reader(SegmentLog log, GroupCommit commits) implements JournalReader {

    @Override
    public long size() {
      return log.size();
    }

    @Override
    public Entry read(long index) throws IOException {
      return Entry.recorded(log.read(index));
    }

    @Override
    public <X extends Exception> void forEach(long from, long to, EntryVisitor<X> visitor)
        throws IOException, X {
      log.<X>forEach(
          from, to, (index, entry) -> visitor.visit(new Position(index), Entry.recorded(entry)));
    }

    @Override
    public boolean awaitBeyond(long index, Duration max) throws InterruptedException {
      return commits.awaitBeyond(index, max);
    }
  }
}
