package dev.chaperone.journal.verify;

import dev.chaperone.journal.log.SegmentWalk;
import dev.chaperone.journal.merkle.EntryBundle;
import dev.chaperone.journal.merkle.Hash;
import dev.chaperone.journal.merkle.TilePath;
import dev.chaperone.journal.merkle.TileStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Looks at every file that a tree of this size does not need. */
final class StrayFiles {
  private final Path log;
  private final LogFiles files;
  private final TileStore tiles;
  private final Findings findings;
  private final Findings beyond;
  private final long size;

  StrayFiles(Path log, LogFiles files, long size, Findings findings, Findings beyond) {
    this.log = log;
    this.files = files;
    this.tiles = new TileStore(log);
    this.size = size;
    this.findings = findings;
    this.beyond = beyond;
  }

  /** Walks a log's directory that has no segments beside it. */
  void inLog() throws IOException {
    forEach(log, file -> inLog(file, null));
  }

  /**
   * Walks the directories of segments and of the log.
   *
   * @param walked how many entries the segments had a moment ago
   */
  void inJournal(Path segments, long walked) throws IOException {
    forEach(
        segments,
        file -> {
          String name = segments.relativize(file).toString();
          if (!SegmentWalk.isSegment(name)) {
            findings.add("segments/" + name, "does not belong here");
          }
        });
    forEach(log, file -> inLog(file, new Durable(segments, walked)));
  }

  /** How many entries are durable, counted anew only when a tile asks for more. */
  private record Durable(Path segments, long walked) {

    boolean covers(TilePath path) throws IOException {
      if (StrayFiles.covers(path, walked)) {
        return true;
      }
      // A running gateway makes tiles of what it wrote since.
      try (SegmentWalk walk = SegmentWalk.of(segments)) {
        while (walk.next() != null) {
          // Only their number counts.
        }
        return walk.fault().isPresent() || StrayFiles.covers(path, walk.index());
      }
    }
  }

  private interface Visit {
    void file(Path file) throws IOException;
  }

  private static void forEach(Path directory, Visit visit) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path file : (Iterable<Path>) all::iterator) {
        if (!Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
          visit.file(file);
        }
      }
    } catch (UncheckedIOException e) {
      // A running gateway removes partial tiles: what went is not stray.
      if (!(e.getCause() instanceof NoSuchFileException)) {
        throw e.getCause();
      }
    }
  }

  private void inLog(Path file, @Nullable Durable durable) throws IOException {
    String name = log.relativize(file).toString();
    if (name.equals("checkpoint") || name.equals("key.pub")) {
      return;
    }
    Optional<TilePath> tile = TilePath.parse(name);
    boolean regular;
    try { // asked once: a running gateway may remove a partial tile between two questions
      regular =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
              .isRegularFile();
    } catch (NoSuchFileException e) {
      return; // removed since it was listed
    }
    if (tile.isEmpty() || !regular) {
      findings.add(name, "does not belong here");
      return;
    }
    TilePath path = tile.get();
    if (covers(path, size)) {
      if (!path.isFull()) {
        partial(path);
      }
    } else if (durable != null && !durable.covers(path)) {
      findings.add(name, "does not belong here: the log has no such entries");
    } else {
      beyond.add(name, "is not covered by the checkpoint yet");
    }
  }

  private static boolean covers(TilePath path, long size) {
    long hashes = path.isBundle() ? size : size >>> (8 * path.level());
    return path.index() <= (hashes - path.width()) / TilePath.FULL
        && path.index() * TilePath.FULL + path.width() <= hashes;
  }

  /** A partial tile of an earlier checkpoint is the beginning of the one that was checked. */
  private void partial(TilePath path) throws IOException {
    TilePath now = files.path(path.level(), path.index());
    Optional<byte[]> content = tiles.read(path);
    Optional<byte[]> reference = tiles.read(now);
    if (reference.isEmpty()) {
      reference = tiles.read(now.full());
    }
    boolean comparable = content.isPresent() && reference.isPresent();
    if (now.equals(path) || !comparable || findings.name(now.toString())) {
      return;
    }
    byte[] have = content.get();
    byte[] due = beginning(reference.get(), path);
    int at = Arrays.mismatch(have, due);
    if (at >= 0) {
      long within = path.isBundle() ? entryAt(due, at) : at / Hash.BYTES;
      long entry = path.firstEntry() + Math.min(within, path.width() - 1) * path.span();
      findings.add(
          path.toString(),
          "is not the beginning of " + now + " from byte " + at + " on",
          files.since(entry));
    }
  }

  private static byte[] beginning(byte[] tile, TilePath path) {
    if (!path.isBundle()) {
      return Arrays.copyOf(tile, Math.min(tile.length, path.width() * Hash.BYTES));
    }
    List<byte[]> entries = EntryBundle.decode(tile).entries();
    return EntryBundle.encode(entries.subList(0, Math.min(entries.size(), path.width())));
  }

  /** Which entry of a bundle the byte {@code at} belongs to. */
  private static long entryAt(byte[] bundle, int at) {
    int end = 0;
    int entry = -1;
    for (byte[] bytes : EntryBundle.decode(bundle).entries()) {
      entry++;
      end += 2 + bytes.length;
      if (at < end) {
        break;
      }
    }
    return Math.max(entry, 0);
  }
}
