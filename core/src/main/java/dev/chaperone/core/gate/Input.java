package dev.chaperone.core.gate;

import dev.chaperone.wire.Frames;
import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;

/**
 * The content that a client sends to a running command, up to the command's end: counted, digested
 * and, as far as the target says, kept. Safe for two threads, since one sends while the other ends.
 */
final class Input {
  private final long limit;
  private final MessageDigest digest = Run.sha256();
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream(0);
  private long bytes;
  private boolean ended;

  /**
   * What was taken.
   *
   * @param bytes how many bytes; 0 where the command takes none
   * @param digest their SHA-256
   * @param kept the first of them
   */
  @SuppressWarnings("ArrayRecordComponent") // package-private carrier, compared by nobody
  record Taken(long bytes, byte[] digest, byte[] kept) {
    boolean isTruncated() {
      return kept.length < bytes;
    }
  }

  /**
   * @param limit how many bytes are kept, at most
   */
  Input(long limit) {
    this.limit = Math.min(limit, Run.MAX_OUTPUT_BYTES);
  }

  /** False when the command has ended, and nothing was taken. */
  synchronized boolean add(Frames content) {
    if (ended) {
      return false;
    }
    digest.update(content.array(), content.offset(), content.length());
    bytes += content.length();
    int room = (int) Math.min(limit - kept.size(), content.length());
    kept.write(content.array(), content.offset(), room);
    return true;
  }

  /** Nothing is taken any more; once. */
  synchronized Taken end() {
    ended = true;
    return new Taken(bytes, digest.digest(), kept.toByteArray());
  }
}
