package dev.chaperone.wire;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The connections that have not proved yet who they are: so many at once at most. When there are
 * more, the longest under way of the address that has the most of them is closed, so that whoever
 * holds many connections open, or opens many, is in his own way first. Safe for many threads.
 */
public final class Handshakes {
  private final int most;
  private final Set<Handshake> underWay = new LinkedHashSet<>();
  private final Map<String, Integer> byOrigin = new HashMap<>();

  /**
   * @param most how many at once
   */
  public Handshakes(int most) {
    this.most = most;
  }

  /** Counts a connection until what is returned is closed; closes another one where need be. */
  public Handshake begin(Connection connection) {
    var begun = new Handshake(connection);
    Handshake evicted = null;
    synchronized (this) {
      underWay.add(begun);
      byOrigin.merge(begun.origin, 1, Integer::sum);
      if (underWay.size() > most) {
        evicted = longestOfBusiest();
      }
      if (evicted != null) {
        remove(evicted);
      }
    }
    if (evicted != null) {
      evicted.evicted.set(true); // before whoever reads is woken and asks
      evicted.connection.close();
    }
    return begun;
  }

  /** How many there are. */
  public synchronized int count() {
    return underWay.size();
  }

  private @Nullable Handshake longestOfBusiest() {
    Handshake found = null;
    int connections = 0;
    for (var one : underWay) {
      int ofSame = byOrigin.getOrDefault(one.origin, 0);
      if (ofSame > connections) { // the first of them is the longest under way
        found = one;
        connections = ofSame;
      }
    }
    return found;
  }

  private synchronized void remove(Handshake handshake) {
    if (underWay.remove(handshake)) {
      byOrigin.computeIfPresent(handshake.origin, (_, count) -> count == 1 ? null : count - 1);
    }
  }

  /** A connection that has not proved yet who it is. */
  public final class Handshake implements AutoCloseable {
    private final Connection connection;
    private final String origin;
    private final AtomicBoolean evicted = new AtomicBoolean();

    private Handshake(Connection connection) {
      this.connection = connection;
      this.origin = connection.peer().getAddress().getHostAddress();
    }

    /** Whether it was closed, or is being closed, to make room. */
    public boolean isEvicted() {
      return evicted.get();
    }

    /** It is over, whatever became of it. */
    @Override
    public void close() {
      remove(this);
    }
  }
}
