package dev.chaperone.journal;

import dev.chaperone.journal.log.Disk;
import dev.chaperone.journal.log.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * The real disk, which from a chosen operation on reports one error: before it did what it was
 * asked, or after. Every later operation works again, as a real kernel behaves after a failed sync.
 */
public final class FaultyDisk implements Disk {

  /** One operation on one file. */
  public record Operation(String name, Path path) {}

  private final Disk real = Disk.local();
  private final AtomicLong segmentSyncs = new AtomicLong();
  private volatile Predicate<Operation> fails = _ -> false;
  private volatile boolean doneAllTheSame;
  private volatile CountDownLatch gate = new CountDownLatch(0);

  /** Makes the next operation that matches fail, once. */
  public void failNext(Predicate<Operation> which, boolean butDone) {
    doneAllTheSame = butDone;
    fails = which;
  }

  /** Makes every sync of a segment wait. */
  public void stallSegmentSyncs() {
    gate = new CountDownLatch(1);
  }

  public void resume() {
    gate.countDown();
  }

  public long segmentSyncs() {
    return segmentSyncs.get();
  }

  private interface Action<T> {
    T run() throws IOException;
  }

  private <T> T attempt(String name, Path path, Action<T> action) throws IOException {
    if (!fails.test(new Operation(name, path))) {
      return action.run();
    }
    fails = _ -> false;
    if (doneAllTheSame) {
      T done = action.run();
      if (done instanceof DiskFile file) {
        file.close();
      }
    }
    throw new IOException("injected: " + name);
  }

  private void attemptVoid(String name, Path path, Action<Boolean> action) throws IOException {
    Boolean ignored = attempt(name, path, action);
  }

  @Override
  public DiskFile create(Path file) throws IOException {
    return attempt("create", file, () -> new FaultyFile(file, real.create(file)));
  }

  @Override
  public DiskFile open(Path file) throws IOException {
    return attempt("open", file, () -> new FaultyFile(file, real.open(file)));
  }

  @Override
  public void createDirectories(Path directory) throws IOException {
    attemptVoid(
        "createDirectories",
        directory,
        () -> {
          real.createDirectories(directory);
          return true;
        });
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    attemptVoid(
        "rename",
        to,
        () -> {
          real.rename(from, to);
          return true;
        });
  }

  @Override
  public void delete(Path path) throws IOException {
    attemptVoid(
        "delete",
        path,
        () -> {
          real.delete(path);
          return true;
        });
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    attemptVoid(
        "syncDirectory",
        directory,
        () -> {
          real.syncDirectory(directory);
          return true;
        });
  }

  private final class FaultyFile implements DiskFile {
    private final Path path;
    private final DiskFile file;

    FaultyFile(Path path, DiskFile file) {
      this.path = path;
      this.file = file;
    }

    @Override
    public void write(ByteBuffer bytes, long offset) throws IOException {
      attemptVoid(
          "write",
          path,
          () -> {
            file.write(bytes, offset);
            return true;
          });
    }

    @Override
    public void sync() throws IOException {
      if (path.toString().endsWith(".seg")) {
        segmentSyncs.incrementAndGet();
        awaitGate();
      }
      attemptVoid(
          "sync",
          path,
          () -> {
            file.sync();
            return true;
          });
    }

    private void awaitGate() throws IOException {
      try {
        gate.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
