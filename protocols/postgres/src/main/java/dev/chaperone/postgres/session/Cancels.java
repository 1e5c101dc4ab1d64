package dev.chaperone.postgres.session;

import dev.chaperone.postgres.handshake.CancelKey;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The keys by which clients cancel: our own, one a session, never the server's. */
public final class Cancels {
  private final Map<CancelKey, Runnable> sessions = new ConcurrentHashMap<>();
  private final SecureRandom random = new SecureRandom();

  /** A session's key while it lasts. */
  public final class Registration implements AutoCloseable {
    private final CancelKey key;

    private Registration(CancelKey key) {
      this.key = key;
    }

    CancelKey key() {
      return key;
    }

    @Override
    public void close() {
      sessions.remove(key);
    }
  }

  /**
   * Makes a key for a session; {@code cancel} is run when a client presents it.
   *
   * @param bytes how long its secret is
   */
  Registration register(int process, int bytes, Runnable cancel) {
    var secret = new byte[bytes];
    while (true) {
      random.nextBytes(secret);
      var key = new CancelKey(process, secret);
      if (sessions.putIfAbsent(key, cancel) == null) {
        return new Registration(key);
      }
    }
  }

  /** What cancelling with this key does; empty when no session has it. */
  public Optional<Runnable> find(CancelKey key) {
    return Optional.ofNullable(sessions.get(key));
  }
}
