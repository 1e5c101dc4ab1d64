package dev.chaperone.postgres.wire;

import dev.chaperone.wire.ReadAheadInput;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;

/**
 * Reads messages with a type byte, one after the other. What a peer says of a length is never
 * believed in advance: memory grows with the bytes that arrive. One thread.
 */
public final class MessageReader {
  /** The least body length field: it counts itself. */
  private static final int LENGTH_BYTES = 4;

  private static final int STEP = 16 << 10;

  private final ReadAheadInput input;
  private final byte[] header = new byte[5];
  private byte type;
  private int bodyLength;
  private int unread;

  public MessageReader(ReadAheadInput input) {
    this.input = input;
  }

  /** Whether the next message can be read to its end without blocking. */
  public boolean nextIsBuffered() {
    int buffered = input.buffered();
    if (buffered < header.length) {
      return false;
    }
    int length = input.peek(1) << 24 | input.peek(2) << 16 | input.peek(3) << 8 | input.peek(4);
    return length >= LENGTH_BYTES && length < buffered;
  }

  /**
   * Reads the next message's type and length; blocks. The body must be read or skipped before the
   * next call.
   *
   * @return false when the peer left between two messages
   */
  public boolean next() throws IOException {
    if (unread > 0) {
      throw new IllegalStateException("the message before has not been read to its end");
    }
    int first = input.read();
    if (first < 0) {
      return false;
    }
    header[0] = (byte) first;
    input.readFully(header, 1, LENGTH_BYTES);
    int length = new Body(header, 1, LENGTH_BYTES).int32();
    if (length < LENGTH_BYTES) {
      throw new ProtocolViolationException("a message length of " + length);
    }
    type = header[0];
    bodyLength = length - LENGTH_BYTES;
    unread = bodyLength;
    return true;
  }

  /** The type byte of the message. */
  public byte type() {
    return type;
  }

  /** How many bytes follow the length. */
  public int bodyLength() {
    return bodyLength;
  }

  /** The whole message, type and length included, in an array of its own. Blocks. */
  public byte[] message() throws IOException {
    var message = Arrays.copyOf(header, header.length + Math.min(bodyLength, STEP));
    int at = header.length;
    while (unread > 0) {
      if (at == message.length) {
        message = Arrays.copyOf(message, at + Math.min(unread, at));
      }
      int count = input.read(message, at, message.length - at);
      if (count < 0) {
        throw new EOFException("the peer left in the middle of a message");
      }
      at += count;
      unread -= count;
    }
    return message;
  }

  /** The type and length as they came. */
  public byte[] header() {
    return header.clone();
  }

  /** The next piece of the body, at most {@code length} bytes; 0 at its end. Blocks. */
  public int piece(byte[] into, int offset, int length) throws IOException {
    if (unread == 0) {
      return 0;
    }
    int count = input.read(into, offset, Math.min(length, unread));
    if (count < 0) {
      throw new EOFException("the peer left in the middle of a message");
    }
    unread -= count;
    return count;
  }

  /** Reads over the rest of the body without keeping it. Blocks. */
  public void skip() throws IOException {
    var scratch = new byte[Math.min(Math.max(unread, 1), STEP)];
    int count;
    do {
      count = piece(scratch, 0, scratch.length);
    } while (count > 0);
  }
}
