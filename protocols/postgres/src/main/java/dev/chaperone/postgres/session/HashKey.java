package dev.chaperone.postgres.session;

import java.security.SecureRandom;

/**
 * The key of {@code hash} masks: equal values look equal as long as the gateway keeps it, and
 * nobody without it can try values out. Never shows itself.
 */
public final class HashKey {
  private final byte[] key;

  /** At least 32 bytes, copied. */
  public HashKey(byte[] key) {
    if (key.length < 32) {
      throw new IllegalArgumentException("a hash key of fewer than 32 bytes");
    }
    this.key = key.clone();
  }

  /** A key that lasts as long as this process. */
  public static HashKey random() {
    var key = new byte[32];
    new SecureRandom().nextBytes(key);
    return new HashKey(key);
  }

  byte[] bytes() {
    return key.clone();
  }

  @Override
  public String toString() {
    return "(key)";
  }
}
