package dev.chaperone.journal.verify;

import dev.chaperone.journal.merkle.EntryBundle;
import dev.chaperone.journal.merkle.Hash;
import dev.chaperone.journal.merkle.HashTile;
import dev.chaperone.journal.merkle.TilePath;
import dev.chaperone.journal.merkle.TileStore;
import dev.chaperone.journal.merkle.TreeEdge;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The tiles and bundles that a tree of a certain size needs. What is missing or has not the length
 * that it must have is a finding; what can be read of it is returned all the same.
 */
final class LogFiles {
  private final TileStore tiles;
  private final long size;
  private final Findings findings;

  LogFiles(TileStore tiles, long size, Findings findings) {
    this.tiles = tiles;
    this.size = size;
    this.findings = findings;
  }

  /** The tile, or bundle, of this level and index as the tree's size has it. */
  TilePath path(int level, long index) {
    long hashes = level == TilePath.ENTRIES ? size : size >>> (8 * level);
    long width = Math.min(TilePath.FULL, hashes - index * TilePath.FULL);
    return new TilePath(level, index, (int) width);
  }

  /** How many levels of tiles there are. */
  int levels() {
    return TreeEdge.levels(size);
  }

  /** The hashes of a tile, at most as many as it must have. */
  List<Hash> hashes(TilePath path) throws IOException {
    Optional<byte[]> content = content(path);
    if (content.isEmpty()) {
      return List.of();
    }
    byte[] bytes = content.get();
    int expected = path.width() * Hash.BYTES;
    if (bytes.length != expected && tiles.exists(path)) {
      findings.add(
          path.toString(),
          "has %s bytes where %d are due".formatted(length(bytes, path), expected),
          Since.entry(path.firstEntry()));
    }
    List<Hash> hashes = HashTile.decode(bytes);
    return hashes.subList(0, Math.min(hashes.size(), path.width()));
  }

  /** The entries of a bundle, at most as many as it must have. */
  List<byte[]> entries(TilePath path) throws IOException {
    Optional<byte[]> content = content(path);
    if (content.isEmpty()) {
      return List.of();
    }
    EntryBundle.Decoded decoded = EntryBundle.decode(content.get());
    List<byte[]> entries = decoded.entries();
    if ((entries.size() != path.width() || decoded.rest() > 0) && tiles.exists(path)) {
      long first = path.firstEntry() + Math.min(entries.size(), path.width() - 1);
      findings.add(
          path.toString(),
          "has %d entries and %d bytes that are none, where %d entries are due"
              .formatted(entries.size(), decoded.rest(), path.width()),
          Since.entry(first));
    }
    return entries.subList(0, Math.min(entries.size(), path.width()));
  }

  /** A partial tile may have gone when the full one came, which begins with it. */
  private Optional<byte[]> content(TilePath path) throws IOException {
    Optional<byte[]> exact = tiles.read(path);
    if (exact.isPresent()) {
      return exact;
    }
    Optional<byte[]> full = path.isFull() ? exact : tiles.read(path.full());
    if (full.isEmpty()) {
      findings.add(path.toString(), "is missing", Since.entry(path.firstEntry()));
    }
    return full;
  }

  /** What the bundles say of an entry. */
  Since since(long entry) throws IOException {
    TilePath path = path(TilePath.ENTRIES, entry / TilePath.FULL);
    Optional<byte[]> bundle = tiles.read(path);
    List<byte[]> entries = bundle.map(b -> EntryBundle.decode(b).entries()).orElse(List.of());
    int i = (int) (entry % TilePath.FULL);
    return i < entries.size()
        ? Since.entry(entry, Envelope.of(entries.get(i)))
        : Since.entry(entry);
  }

  private static String length(byte[] bytes, TilePath path) {
    int limit = path.isBundle() ? EntryBundle.MAX_BYTES : HashTile.MAX_BYTES;
    return bytes.length > limit ? "more than " + limit : String.valueOf(bytes.length);
  }
}
