package dev.chaperone.postgres.handshake;

import dev.chaperone.postgres.wire.Body;
import dev.chaperone.postgres.wire.ProtocolViolationException;
import java.security.MessageDigest;

/**
 * What a session's statement is cancelled with: a process number and a secret (PostgreSQL 18
 * documentation, section 54.7, BackendKeyData). Compared in constant time; shows the number alone.
 */
public final class CancelKey {
  /** The secret's length up to protocol 3.1. */
  public static final int SHORT_BYTES = 4;

  /** The longest secret, from protocol 3.2 on. */
  public static final int MAX_BYTES = 256;

  private final int process;
  private final byte[] secret;

  /**
   * @param secret 1 to {@link #MAX_BYTES} bytes
   */
  public CancelKey(int process, byte[] secret) {
    this.process = process;
    this.secret = secret.clone();
  }

  /** Reads what stands in a cancel request, and in BackendKeyData alike. */
  static CancelKey read(Body body, String message) throws ProtocolViolationException {
    int process = body.int32();
    int length = body.remaining();
    if (length < 1 || length > MAX_BYTES) {
      throw new ProtocolViolationException(message + " with a key of " + length + " bytes");
    }
    return new CancelKey(process, body.bytes(length));
  }

  /** The process that the key belongs to. */
  public int process() {
    return process;
  }

  /** A copy of the secret. */
  public byte[] secret() {
    return secret.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CancelKey key
        && process == key.process
        && MessageDigest.isEqual(secret, key.secret);
  }

  /** Of the process alone, so that the time it takes to look a key up tells nothing of a secret. */
  @Override
  public int hashCode() {
    return process;
  }

  @Override
  public String toString() {
    return "the key of process " + process;
  }
}
