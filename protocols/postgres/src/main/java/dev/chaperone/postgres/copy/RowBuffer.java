package dev.chaperone.postgres.copy;

import java.util.Arrays;

/** Bytes that have come and are not a whole row yet. Bounded. */
final class RowBuffer {
  /** The longest row that is held to be masked. */
  static final int MAX_ROW_BYTES = 16 << 20;

  private byte[] bytes = new byte[1 << 10];
  private int end;

  void add(byte[] more, int offset, int length) throws UnreadableCopyException {
    if (length > MAX_ROW_BYTES - end) {
      throw new UnreadableCopyException(
          "a row of more than " + MAX_ROW_BYTES + " bytes, which cannot be masked");
    }
    if (length > bytes.length - end) {
      bytes = Arrays.copyOf(bytes, Math.max(end + length, Math.min(MAX_ROW_BYTES, end * 2)));
    }
    System.arraycopy(more, offset, bytes, end, length);
    end += length;
  }

  byte[] array() {
    return bytes;
  }

  int length() {
    return end;
  }

  /** The first bytes are dealt with. */
  void drop(int count) {
    System.arraycopy(bytes, count, bytes, 0, end - count);
    end -= count;
  }
}
