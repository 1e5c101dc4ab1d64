package dev.chaperone.wire;

/**
 * A run of bytes as it travels on a wire: one or several whole protocol messages, or a piece of a
 * streamed one. Whoever holds it does not change the array.
 */
public record Frames(byte[] array, int offset, int length) {
  /** The whole array. */
  public static Frames of(byte[] array) {
    return new Frames(array, 0, array.length);
  }

  public Frames {
    if (offset < 0 || length < 0 || offset > array.length - length) {
      throw new IndexOutOfBoundsException(
          "offset " + offset + ", length " + length + " of " + array.length);
    }
  }

  /** A copy of the bytes. */
  public byte[] toArray() {
    return java.util.Arrays.copyOfRange(array, offset, offset + length);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Frames frames
        && java.util.Arrays.equals(
            array, offset, offset + length, frames.array, frames.offset, frames.offset + frames.length);
  }

  @Override
  public int hashCode() {
    return java.util.Arrays.hashCode(toArray());
  }

  @Override
  public String toString() {
    return length + " bytes of frames";
  }
}
