package dev.chaperone.wire;

import java.io.IOException;

/**
 * Bytes towards a peer, undecided and unrecorded. Only the gate's two writers and the handshakes
 * before a session may call it; an architecture test holds that.
 */
public interface RawSink {
  /** Writes all the bytes; blocks until the peer's window takes them or the connection fails. */
  void write(byte[] bytes, int offset, int length) throws IOException;

  /** Writes all the bytes. */
  default void write(byte[] bytes) throws IOException {
    write(bytes, 0, bytes.length);
  }
}
