package dev.chaperone.journal.merkle;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The bytes of an entry bundle (C2SP tlog-tiles): each entry's length in 16 bits, then the entry.
 */
public final class EntryBundle {
  /** The most bytes that a bundle can have. */
  public static final int MAX_BYTES = TilePath.FULL * (2 + 0xffff);

  private EntryBundle() {}

  public static byte[] encode(List<byte[]> entries) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] entry : entries) {
      out.write(entry.length >>> 8);
      out.write(entry.length);
      out.writeBytes(entry);
    }
    return out.toByteArray();
  }

  /**
   * Reads a bundle as far as it is one. A bundle that was cut or lengthened has fewer or more
   * entries than its name says; what stands before the fault is read.
   */
  public static Decoded decode(byte[] bundle) {
    List<byte[]> entries = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(bundle);
    while (in.remaining() >= 2) {
      int start = in.position();
      int length = Short.toUnsignedInt(in.getShort());
      if (length > in.remaining()) {
        return new Decoded(entries, bundle.length - start);
      }
      byte[] entry = new byte[length];
      in.get(entry);
      entries.add(entry);
    }
    return new Decoded(entries, in.remaining());
  }

  /**
   * What a bundle holds.
   *
   * @param entries in their order
   * @param rest how many bytes at its end are no entry; 0 in a sound bundle
   */
  public record Decoded(List<byte[]> entries, int rest) {}
}
