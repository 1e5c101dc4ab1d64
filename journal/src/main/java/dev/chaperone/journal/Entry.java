package dev.chaperone.journal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One unit of the journal: one JSON object in UTF-8, on one line, of at most {@value #MAX_BYTES}
 * bytes, without a duplicate key. Its bytes are what is hashed, signed and served, so they are kept
 * exactly. Immutable.
 */
public final class Entry {

  /** The most bytes that an entry has; the bundles of C2SP tlog-tiles count them in 16 bits. */
  public static final int MAX_BYTES = 65_535;

  private final byte[] bytes;

  private Entry(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Takes an entry as it was written.
   *
   * @param json copied
   * @throws IllegalArgumentException if it is not a single-line JSON object in UTF-8 within the
   *     size, or has a key twice; the message says what and at which byte, without the content
   */
  public static Entry of(byte[] json) {
    byte[] copy = json.clone();
    EntrySyntax.check(copy);
    return new Entry(copy);
  }

  /**
   * An entry as the log has it: it was checked before it was written, and the log's own checksum
   * says that these are the bytes.
   *
   * @param json not copied
   */
  static Entry recorded(byte[] json) {
    return new Entry(json);
  }

  /**
   * Builds an entry. The envelope comes first: {@code {"v":1,"type":…,"time":…}}, the time in UTC
   * with microseconds; then what {@code content} adds, in its order.
   *
   * @throws IllegalArgumentException if the entry comes out longer than {@value #MAX_BYTES} bytes,
   *     has a key twice or is nested deeper than 32 levels
   */
  public static Entry of(String type, Instant time, Consumer<Fields> content) {
    return new Entry(EntrySyntax.write(type, time, content));
  }

  /** How many bytes the entry has. */
  public int length() {
    return bytes.length;
  }

  /** A copy of the entry's bytes. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** The bytes themselves, for those who do not change them. */
  byte[] unshared() {
    return bytes;
  }

  /** A read-only view of the entry's bytes, from position 0. */
  public ByteBuffer buffer() {
    return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
  }

  /** The entry as text. */
  public String json() {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Entry that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** Names the size alone: content may be sensitive and belongs in no log. */
  @Override
  public String toString() {
    return "Entry[" + bytes.length + " bytes]";
  }
}
