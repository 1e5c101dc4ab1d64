package dev.chaperone.wire;

import java.util.Arrays;
import java.util.Objects;

/**
 * A run of bytes as it travels on a wire: one or several whole protocol messages, or a piece of a
 * streamed one. A view: whoever holds it does not change the array.
 */
public final class Frames {
  private final byte[] array;
  private final int offset;
  private final int length;

  /** The {@code length} bytes from {@code offset}, not copied. */
  public Frames(byte[] array, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, array.length);
    this.array = array;
    this.offset = offset;
    this.length = length;
  }

  /** The whole array, not copied. */
  public static Frames of(byte[] array) {
    return new Frames(array, 0, array.length);
  }

  /** The array that holds the bytes. */
  public byte[] array() {
    return array;
  }

  /** Where in the array they begin. */
  public int offset() {
    return offset;
  }

  /** How many bytes. */
  public int length() {
    return length;
  }

  /** A copy of the bytes. */
  public byte[] toArray() {
    return Arrays.copyOfRange(array, offset, offset + length);
  }

  @Override
  public String toString() {
    return length + " bytes of frames";
  }
}
