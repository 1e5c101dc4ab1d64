package dev.chaperone.journal;

import dev.chaperone.journal.log.DamagedLogException;
import dev.chaperone.journal.log.Durable;
import dev.chaperone.journal.log.SegmentLog;
import dev.chaperone.journal.merkle.EntryBundle;
import dev.chaperone.journal.merkle.Hash;
import dev.chaperone.journal.merkle.HashTile;
import dev.chaperone.journal.merkle.TilePath;
import dev.chaperone.journal.merkle.TileStore;
import dev.chaperone.journal.merkle.TreeEdge;
import dev.chaperone.journal.merkle.TreeHasher;
import dev.chaperone.journal.note.Checkpoint;
import dev.chaperone.journal.note.SignedNote;
import dev.chaperone.journal.note.SigningKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The tree over the segments, as the files that are served: tiles, bundles, checkpoint. A
 * projection, but for what was signed: a root that was signed once is never contradicted. Used by
 * one thread at a time.
 */
final class SignedTree {
  /** So many entries at most before the next checkpoint, so that checkpoints go on under load. */
  private static final long STEP = 1 << 16;

  private final Path checkpointFile;
  private final SegmentLog log;
  private final SigningKey key;
  private final Durable files;
  private final TileStore tiles;
  private final TreeHasher hasher = new TreeHasher();

  private TreeEdge edge = new TreeEdge(hasher);

  /** The entries of the bundle that is not full yet. */
  private final List<byte[]> bundle = new ArrayList<>();

  private final List<TilePath> completed = new ArrayList<>();
  private long signed;

  SignedTree(Path directory, SegmentLog log, SigningKey key, Durable files) {
    this.checkpointFile = directory.resolve("checkpoint");
    this.log = log;
    this.key = key;
    this.files = files;
    this.tiles = new TileStore(directory);
  }

  /**
   * Continues what was signed last, making the tiles anew where one is missing.
   *
   * @throws IOException if the segments do not have the root that was signed
   */
  void open() throws IOException {
    Optional<Checkpoint> checkpoint = signedCheckpoint();
    if (checkpoint.isEmpty()) {
      return;
    }
    Checkpoint last = checkpoint.get();
    if (last.size() > log.size()) {
      throw new DamagedLogException(
          "the log is damaged: its segments have "
              + log.size()
              + " entries, and its checkpoint "
              + checkpointFile
              + " covers "
              + last.size());
    }
    if (!load(last)) {
      rebuild(last);
    }
    signed = last.size();
  }

  private Optional<Checkpoint> signedCheckpoint() throws IOException {
    if (!Files.exists(checkpointFile)) {
      return Optional.empty();
    }
    try {
      SignedNote note = SignedNote.parse(Files.readAllBytes(checkpointFile));
      if (note.verify(key.verifierKey()) != SignedNote.Outcome.SIGNED) {
        throw new DamagedLogException(checkpointFile, 0, "not signed by the key of this log");
      }
      Checkpoint checkpoint = Checkpoint.parse(note.text());
      if (!checkpoint.origin().equals(key.verifierKey().name())) {
        throw new DamagedLogException(checkpointFile, 0, "of the log " + checkpoint.origin());
      }
      return Optional.of(checkpoint);
    } catch (IllegalArgumentException e) {
      throw new DamagedLogException(checkpointFile, 0, String.valueOf(e.getMessage()));
    }
  }

  /** Takes the tree from its tiles; false if one is missing or they have not the signed root. */
  private boolean load(Checkpoint last) throws IOException {
    long size = last.size();
    if (!allFullTilesExist(size)) {
      return false;
    }
    List<List<Hash>> partials = new ArrayList<>();
    for (int level = 0; level < TreeEdge.levels(size); level++) {
      int width = TreeEdge.width(size, level);
      List<Hash> hashes = width == 0 ? List.of() : hashes(level, size, width);
      if (hashes.size() != width) {
        return false;
      }
      partials.add(hashes);
    }
    TreeEdge loaded = new TreeEdge(hasher, size, partials);
    int rest = TreeEdge.width(size, 0);
    boolean bundled =
        rest == 0 || tiles.exists(new TilePath(TilePath.ENTRIES, size / TilePath.FULL, rest));
    if (!bundled || !loaded.root().equals(last.root())) {
      return false;
    }
    edge = loaded;
    log.forEach(size - rest, size, (_, entry) -> bundle.add(entry));
    return true;
  }

  private List<Hash> hashes(int level, long size, int width) throws IOException {
    long index = size >>> (8 * (level + 1));
    return tiles.read(new TilePath(level, index, width)).map(HashTile::decode).orElseGet(List::of);
  }

  private boolean allFullTilesExist(long size) {
    for (int level = 0; level < TreeEdge.levels(size); level++) {
      long full = size >>> (8 * (level + 1));
      for (long index = 0; index < full; index++) {
        boolean bundled =
            level > 0 || tiles.exists(new TilePath(TilePath.ENTRIES, index, TilePath.FULL));
        if (!bundled || !tiles.exists(new TilePath(level, index, TilePath.FULL))) {
          return false;
        }
      }
    }
    return true;
  }

  /** Makes every tile anew, up to the checkpoint, which the result must confirm. */
  private void rebuild(Checkpoint last) throws IOException {
    integrate(last.size());
    if (!edge.root().equals(last.root())) {
      throw new DamagedLogException(
          "the log is damaged: its segments do not have the root that was signed for "
              + last.size()
              + " entries in "
              + checkpointFile
              + "; verify a copy to learn which entry changed");
    }
    putPartials();
    settle();
  }

  /** The number of entries that the last checkpoint covers. */
  long signed() {
    return signed;
  }

  /** Takes in what is durable and new, as far as one step goes, and signs a checkpoint over it. */
  void advance() throws IOException {
    long to = Math.min(log.size(), edge.size() + STEP);
    if (to == signed) {
      return;
    }
    integrate(to);
    putPartials();
    settle();
    files.putNow(
        checkpointFile, new Checkpoint(key.verifierKey().name(), to, edge.root()).signedBy(key));
    signed = to;
  }

  private void integrate(long to) throws IOException {
    log.forEach(edge.size(), to, (_, entry) -> add(entry));
  }

  private void add(byte[] entry) throws IOException {
    bundle.add(entry);
    List<TilePath> full = new ArrayList<>();
    List<List<Hash>> contents = new ArrayList<>();
    edge.append(
        hasher.leaf(entry),
        (tile, hashes) -> {
          full.add(tile);
          contents.add(hashes);
        });
    for (int i = 0; i < full.size(); i++) {
      put(full.get(i), contents.get(i));
      completed.add(full.get(i));
    }
  }

  private void putPartials() throws IOException {
    List<TilePath> partial = new ArrayList<>();
    List<List<Hash>> contents = new ArrayList<>();
    edge.forEachPartial((tile, hashes) -> {
      partial.add(tile);
      contents.add(hashes);
    });
    for (int i = 0; i < partial.size(); i++) {
      put(partial.get(i), contents.get(i));
    }
  }

  private void put(TilePath tile, List<Hash> hashes) throws IOException {
    tiles.put(files, tile, HashTile.encode(hashes));
    if (tile.level() == 0) {
      TilePath entries = new TilePath(TilePath.ENTRIES, tile.index(), tile.width());
      tiles.put(files, entries, EntryBundle.encode(bundle));
      if (tile.isFull()) {
        completed.add(entries);
        bundle.clear();
      }
    }
  }

  /** Makes the tiles durable, and removes the partial ones that full ones took the place of. */
  private void settle() throws IOException {
    files.syncNames();
    for (TilePath tile : completed) {
      tiles.removePartials(files, tile);
    }
    completed.clear();
  }
}
