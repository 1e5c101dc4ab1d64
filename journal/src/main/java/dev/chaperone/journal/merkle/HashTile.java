package dev.chaperone.journal.merkle;

import java.util.ArrayList;
import java.util.List;

/** The bytes of a hash tile (C2SP tlog-tiles): its hashes, one after the other. */
public final class HashTile {
  /** The bytes of a full tile. */
  public static final int MAX_BYTES = TilePath.FULL * Hash.BYTES;

  private HashTile() {}

  public static byte[] encode(List<Hash> hashes) {
    byte[] tile = new byte[hashes.size() * Hash.BYTES];
    for (int i = 0; i < hashes.size(); i++) {
      hashes.get(i).copyTo(tile, i * Hash.BYTES);
    }
    return tile;
  }

  /** The whole hashes of a tile; bytes at the end that are no whole hash are left out. */
  public static List<Hash> decode(byte[] tile) {
    List<Hash> hashes = new ArrayList<>();
    for (int i = 0; i < tile.length / Hash.BYTES; i++) {
      hashes.add(Hash.at(tile, i));
    }
    return hashes;
  }
}
