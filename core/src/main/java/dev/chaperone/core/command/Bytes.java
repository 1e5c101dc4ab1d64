package dev.chaperone.core.command;

import java.util.Arrays;
import java.util.HexFormat;

/** An immutable run of bytes with value equality; its text never shows the content. */
public final class Bytes {
  private final byte[] content;

  private Bytes(byte[] content) {
    this.content = content;
  }

  /** A copy of {@code length} bytes from {@code offset}. */
  public static Bytes copyOf(byte[] source, int offset, int length) {
    return new Bytes(Arrays.copyOfRange(source, offset, offset + length));
  }

  /** A copy of the whole array. */
  public static Bytes copyOf(byte[] source) {
    return new Bytes(source.clone());
  }

  /** Number of bytes. */
  public int length() {
    return content.length;
  }

  /** A fresh array with the content. */
  public byte[] toArray() {
    return content.clone();
  }

  /** Lower-case hexadecimal digits, two a byte. */
  public String hex() {
    return HexFormat.of().formatHex(content);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes bytes && Arrays.equals(content, bytes.content);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(content);
  }

  @Override
  public String toString() {
    return content.length + " bytes";
  }
}
