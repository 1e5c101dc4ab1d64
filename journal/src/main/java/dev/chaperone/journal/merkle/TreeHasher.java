package dev.chaperone.journal.merkle;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The hashing of RFC 6962, section 2.1. Not safe for use by several threads at once. */
public final class TreeHasher {
  private static final byte LEAF = 0;
  private static final byte NODE = 1;

  private final MessageDigest sha;

  public TreeHasher() {
    try {
      this.sha = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The root of a tree without entries. */
  public Hash empty() {
    return Hash.owning(sha.digest());
  }

  public Hash leaf(byte[] entry) {
    sha.update(LEAF);
    return Hash.owning(sha.digest(entry));
  }

  public Hash node(Hash left, Hash right) {
    sha.update(NODE);
    sha.update(left.raw());
    return Hash.owning(sha.digest(right.raw()));
  }

  /** The root over hashes of subtrees of one size; one hash at least. */
  public Hash root(List<Hash> hashes) {
    Hash root = fold(hashes, null);
    if (root == null) {
      throw new IllegalArgumentException("a root is over one hash at least");
    }
    return root;
  }

  /**
   * Joins the perfect subtrees that {@code hashes} make with what stands to their right.
   *
   * @param right the root of the entries to the right, fewer than one of {@code hashes} spans; null
   *     where there are none
   * @return null only where there is nothing at all
   */
  public @Nullable Hash fold(List<Hash> hashes, @Nullable Hash right) {
    Hash result = right;
    int end = hashes.size();
    while (end > 0) {
      int width = Integer.lowestOneBit(end);
      Hash subtree = perfect(hashes.subList(end - width, end));
      result = result == null ? subtree : node(subtree, result);
      end -= width;
    }
    return result;
  }

  private Hash perfect(List<Hash> hashes) {
    if (hashes.size() == 1) {
      return hashes.getFirst();
    }
    int half = hashes.size() / 2;
    return node(perfect(hashes.subList(0, half)), perfect(hashes.subList(half, hashes.size())));
  }
}
