package dev.chaperone.journal.merkle;

import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** A SHA-256 hash of the tree. Immutable. */
public final class Hash {
  public static final int BYTES = 32;

  private final byte[] bytes;

  private Hash(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Takes 32 bytes.
   *
   * @throws IllegalArgumentException if there are not 32
   */
  public static Hash of(byte[] bytes) {
    return of(bytes, 0, bytes.length);
  }

  private static Hash of(byte[] bytes, int offset, int length) {
    if (length != BYTES) {
      throw new IllegalArgumentException("a hash has " + BYTES + " bytes, not " + length);
    }
    return new Hash(Arrays.copyOfRange(bytes, offset, offset + length));
  }

  /** The {@code i}-th hash of a tile's bytes. */
  public static Hash at(byte[] tile, int i) {
    return of(tile, i * BYTES, BYTES);
  }

  /** Takes over a digest that nobody else holds. */
  static Hash owning(byte[] digest) {
    return new Hash(digest);
  }

  byte[] raw() {
    return bytes;
  }

  public void copyTo(byte[] target, int offset) {
    System.arraycopy(bytes, 0, target, offset, BYTES);
  }

  public String base64() {
    return Base64.getEncoder().encodeToString(bytes);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Hash that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return base64();
  }
}
