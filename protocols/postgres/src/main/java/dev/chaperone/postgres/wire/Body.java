package dev.chaperone.postgres.wire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Reads the body of one message from front to back; every read is checked against its end. */
public final class Body {
  private final byte[] array;
  private final int end;
  private int position;

  /** The {@code length} bytes from {@code offset}, not copied. */
  public Body(byte[] array, int offset, int length) {
    this.array = array;
    this.position = offset;
    this.end = offset + length;
  }

  /** The body of a whole message with type byte and length. */
  public static Body ofMessage(byte[] message) {
    return new Body(message, 5, message.length - 5);
  }

  public int remaining() {
    return end - position;
  }

  /** Where in the array the next byte is. */
  public int position() {
    return position;
  }

  public int int8() throws ProtocolViolationException {
    need(1);
    return array[position++];
  }

  public int int16() throws ProtocolViolationException {
    need(2);
    int value = (array[position] << 8) | (array[position + 1] & 0xff);
    position += 2;
    return value;
  }

  /** A count in 16 bits, unsigned as the server reads parameter counts. */
  public int count() throws ProtocolViolationException {
    return int16() & 0xffff;
  }

  public int int32() throws ProtocolViolationException {
    need(4);
    int value =
        (array[position] << 24)
            | (array[position + 1] & 0xff) << 16
            | (array[position + 2] & 0xff) << 8
            | (array[position + 3] & 0xff);
    position += 4;
    return value;
  }

  /** A zero-terminated text in UTF-8; anything else breaks the protocol. */
  public String string() throws ProtocolViolationException {
    int zero = position;
    while (zero < end && array[zero] != 0) {
      zero++;
    }
    if (zero == end) {
      throw new ProtocolViolationException("a text without its terminating zero");
    }
    var text = utf8(array, position, zero - position);
    position = zero + 1;
    return text;
  }

  /** Passes over {@code count} bytes. */
  public void skip(int count) throws ProtocolViolationException {
    need(count);
    position += count;
  }

  /** A copy of the next {@code count} bytes. */
  public byte[] bytes(int count) throws ProtocolViolationException {
    need(count);
    var copy = java.util.Arrays.copyOfRange(array, position, position + count);
    position += count;
    return copy;
  }

  /** Requires that the message has been read to its end. */
  public void end(String message) throws ProtocolViolationException {
    if (position != end) {
      throw new ProtocolViolationException("bytes after the end of " + message);
    }
  }

  private void need(int count) throws ProtocolViolationException {
    if (count < 0 || count > end - position) {
      throw new ProtocolViolationException("a message that is shorter than it says");
    }
  }

  private static String utf8(byte[] array, int offset, int length)
      throws ProtocolViolationException {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(array, offset, length))
          .toString();
    } catch (CharacterCodingException e) {
      throw new ProtocolViolationException("a text that is not UTF-8");
    }
  }
}
