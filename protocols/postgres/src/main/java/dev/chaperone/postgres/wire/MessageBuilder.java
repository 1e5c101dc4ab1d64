package dev.chaperone.postgres.wire;

import dev.chaperone.wire.Frames;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Builds one or several messages; integers are big-endian, strings end with a zero byte. */
public final class MessageBuilder {
  private byte[] bytes = new byte[128];
  private int length;
  private int lengthAt = -1;

  /** Begins a message with a type byte; its length is filled in by {@link #end}. */
  public MessageBuilder begin(byte type) {
    int8(type);
    return beginUntyped();
  }

  /** Begins a message without a type byte, as the first one of a connection is. */
  public MessageBuilder beginUntyped() {
    lengthAt = length;
    return int32(0);
  }

  /** Ends the message. */
  public MessageBuilder end() {
    int body = length - lengthAt;
    bytes[lengthAt] = (byte) (body >>> 24);
    bytes[lengthAt + 1] = (byte) (body >>> 16);
    bytes[lengthAt + 2] = (byte) (body >>> 8);
    bytes[lengthAt + 3] = (byte) body;
    return this;
  }

  public MessageBuilder int8(int value) {
    room(1);
    bytes[length++] = (byte) value;
    return this;
  }

  public MessageBuilder int16(int value) {
    return int8(value >>> 8).int8(value);
  }

  public MessageBuilder int32(int value) {
    return int16(value >>> 16).int16(value);
  }

  /** The text in UTF-8 and a zero byte. */
  public MessageBuilder string(String text) {
    return bytes(text.getBytes(StandardCharsets.UTF_8)).int8(0);
  }

  public MessageBuilder bytes(byte[] value) {
    return bytes(value, 0, value.length);
  }

  public MessageBuilder bytes(byte[] value, int offset, int count) {
    room(count);
    System.arraycopy(value, offset, bytes, length, count);
    length += count;
    return this;
  }

  /** A value with its length in front; -1 for NULL. */
  public MessageBuilder value(byte @Nullable [] value) {
    return value == null ? int32(-1) : int32(value.length).bytes(value);
  }

  /** What was built. */
  public Frames frames() {
    return new Frames(bytes, 0, length);
  }

  /** What was built, as an array of its own. */
  public byte[] toArray() {
    return Arrays.copyOf(bytes, length);
  }

  private void room(int count) {
    if (bytes.length - length < count) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + count));
    }
  }
}
