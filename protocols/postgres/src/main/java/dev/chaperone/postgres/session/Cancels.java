package dev.chaperone.postgres.session;

import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The keys by which clients cancel: our own, one a session, never the server's. */
public final class Cancels {
  private final Map<Key, Runnable> sessions = new ConcurrentHashMap<>();
  private final SecureRandom random = new SecureRandom();

  private record Key(int process, int secret) {}

  /** A session's key while it lasts. */
  public final class Registration implements AutoCloseable {
    private final Key key;

    private Registration(Key key) {
      this.key = key;
    }

    int secret() {
      return key.secret();
    }

    @Override
    public void close() {
      sessions.remove(key);
    }
  }

  /** Makes a key for a session; {@code cancel} is run when a client presents it. */
  Registration register(int process, Runnable cancel) {
    while (true) {
      var key = new Key(process, random.nextInt());
      if (sessions.putIfAbsent(key, cancel) == null) {
        return new Registration(key);
      }
    }
  }

  /** What cancelling with this key does; empty when no session has it. */
  public Optional<Runnable> find(int process, int secret) {
    return Optional.ofNullable(sessions.get(new Key(process, secret)));
  }
}
