package dev.chaperone.postgres.copy;

import dev.chaperone.postgres.masking.ValueMask;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The binary format (PostgreSQL 18 documentation, COPY, "Binary Format"). */
final class BinaryMasker implements CopyMasker {
  private static final byte[] SIGNATURE =
      "PGCOPY\n\u00ff\r\n\0".getBytes(StandardCharsets.ISO_8859_1);
  private static final int HEADER_BYTES = SIGNATURE.length + 8;

  private final List<Optional<ValueMask>> masks;
  private final RowBuffer row = new RowBuffer();
  private boolean headerSeen;
  private boolean ended;

  /** What is needed of the row at hand before it is looked at again. */
  private int needed;

  BinaryMasker(List<Optional<ValueMask>> masks) {
    this.masks = List.copyOf(masks);
  }

  @Override
  public byte[] mask(byte[] piece, int offset, int length) throws UnreadableCopyException {
    row.add(piece, offset, length);
    var out = new ByteArrayOutputStream(length + 16);
    int from = 0;
    for (int to = end(from); to > from; to = end(from)) {
      write(from, to, out);
      from = to;
    }
    row.drop(from);
    needed -= from;
    return out.toByteArray();
  }

  /** Where what begins at {@code from} ends; {@code from} when it is not all there. */
  private int end(int from) throws UnreadableCopyException {
    if (row.length() < needed || row.length() == from) {
      return from;
    }
    if (ended) {
      throw new UnreadableCopyException("bytes after the end of the stream");
    }
    if (!headerSeen) {
      return isThere(from, from + HEADER_BYTES) ? from + HEADER_BYTES : from;
    }
    int at = from + 2;
    if (!isThere(from, at)) {
      return from;
    }
    int columns = read().getShort(from);
    if (columns == -1) {
      return at;
    }
    if (columns != masks.size()) {
      throw new UnreadableCopyException("a row of other columns than were described");
    }
    for (int i = 0; i < columns; i++) {
      if (!isThere(from, at + 4)) {
        return from;
      }
      int length = read().getInt(at);
      if (length < -1 || length > RowBuffer.MAX_ROW_BYTES) {
        throw new UnreadableCopyException("a value of " + length + " bytes");
      }
      at += 4 + Math.max(length, 0);
      if (!isThere(from, at)) {
        return from;
      }
    }
    return at;
  }

  private boolean isThere(int from, int to) throws UnreadableCopyException {
    if (to - from > RowBuffer.MAX_ROW_BYTES) {
      throw new UnreadableCopyException(
          "a row of more than " + RowBuffer.MAX_ROW_BYTES + " bytes, which cannot be masked");
    }
    needed = to;
    return row.length() >= to;
  }

  private ByteBuffer read() {
    return ByteBuffer.wrap(row.array(), 0, row.length());
  }

  private void write(int from, int to, ByteArrayOutputStream out) throws UnreadableCopyException {
    if (!headerSeen) {
      header(from);
      headerSeen = true;
    } else if (to - from > 2) {
      row(from, out);
      return;
    } else {
      ended = true;
    }
    out.write(row.array(), from, to - from);
  }

  private void header(int from) throws UnreadableCopyException {
    if (!Arrays.equals(row.array(), from, from + SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length)
        || read().getLong(from + SIGNATURE.length) != 0) {
      throw new UnreadableCopyException("a binary stream with flags or an extension");
    }
  }

  private void row(int from, ByteArrayOutputStream out) {
    out.write(row.array(), from, 2);
    int at = from + 2;
    for (var mask : masks) {
      int length = read().getInt(at);
      at += 4;
      if (length < 0 || mask.isEmpty()) {
        out.write(row.array(), at - 4, 4 + Math.max(length, 0));
      } else {
        var shown = mask.get().apply(Arrays.copyOfRange(row.array(), at, at + length), true);
        out.writeBytes(ByteBuffer.allocate(4).putInt(shown == null ? -1 : shown.length).array());
        out.writeBytes(shown == null ? new byte[0] : shown);
      }
      at += Math.max(length, 0);
    }
  }

  @Override
  public void end() throws UnreadableCopyException {
    if (!ended || row.length() > 0) {
      throw new UnreadableCopyException("the stream ends before its end");
    }
  }
}
