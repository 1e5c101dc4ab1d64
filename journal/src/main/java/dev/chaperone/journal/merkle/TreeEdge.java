package dev.chaperone.journal.merkle;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The right edge of a growing tree: at each level the hashes that do not fill a tile yet. It needs
 * no more memory however large the tree is. Not safe for use by several threads at once.
 */
public final class TreeEdge {
  private final TreeHasher hasher;
  private final List<List<Hash>> levels = new ArrayList<>();
  private long size;

  public TreeEdge(TreeHasher hasher) {
    this.hasher = hasher;
  }

  /**
   * Continues a tree from its partial tiles.
   *
   * @param size the number of entries
   * @param partials the hashes of the last, partial tile of each level, from level 0; empty where a
   *     level ends with a full one
   * @throws IllegalArgumentException if a tile has not the width that {@code size} demands
   */
  public TreeEdge(TreeHasher hasher, long size, List<List<Hash>> partials) {
    this(hasher);
    this.size = size;
    for (int level = 0; level < partials.size(); level++) {
      if (partials.get(level).size() != width(size, level)) {
        throw new IllegalArgumentException("level " + level + " has not the width of its size");
      }
      levels.add(new ArrayList<>(partials.get(level)));
    }
    if (partials.size() < levels(size)) {
      throw new IllegalArgumentException("levels are missing");
    }
  }

  /** How many hashes the partial tile at the end of {@code level} has; 0 for none. */
  public static int width(long size, int level) {
    return (int) ((size >>> (8 * level)) & 0xff);
  }

  /** How many levels of tiles a tree has. */
  public static int levels(long size) {
    return (Long.SIZE - Long.numberOfLeadingZeros(size) + 7) / 8;
  }

  public long size() {
    return size;
  }

  /**
   * Adds an entry.
   *
   * @param full told of each tile that this completes, with its hashes, from level 0 upwards
   */
  public void append(Hash leaf, BiConsumer<TilePath, List<Hash>> full) {
    size++;
    Hash hash = leaf;
    for (int level = 0; ; level++) {
      if (level == levels.size()) {
        levels.add(new ArrayList<>());
      }
      List<Hash> hashes = levels.get(level);
      hashes.add(hash);
      if (hashes.size() < TilePath.FULL) {
        return;
      }
      long index = (size >>> (8 * (level + 1))) - 1;
      full.accept(new TilePath(level, index, TilePath.FULL), List.copyOf(hashes));
      hash = hasher.root(hashes);
      hashes.clear();
    }
  }

  /** The partial tiles of this size, from level 0 upwards. */
  public void forEachPartial(BiConsumer<TilePath, List<Hash>> visitor) {
    for (int level = 0; level < levels.size(); level++) {
      List<Hash> hashes = levels.get(level);
      if (!hashes.isEmpty()) {
        long index = size >>> (8 * (level + 1));
        visitor.accept(new TilePath(level, index, hashes.size()), List.copyOf(hashes));
      }
    }
  }

  /** The root over all entries. */
  public Hash root() {
    @Nullable Hash root = null;
    for (List<Hash> hashes : levels) {
      root = hasher.fold(hashes, root);
    }
    return root == null ? hasher.empty() : root;
  }
}
