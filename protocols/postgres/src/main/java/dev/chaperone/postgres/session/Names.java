package dev.chaperone.postgres.session;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What names stand for on the server: statements, portals or cursors. The request pump runs ahead
 * of the server's answers, and a message that is skipped after an error changes no name; so changes
 * count at once within their own segment (they run only if everything before them there succeeded),
 * and beyond it only once the server has confirmed them. A segment is what lies between two Syncs.
 *
 * <p>The request pump calls {@link #change}, {@link #unsettled}, {@link #get} and {@link
 * #endSegment}; the response pump {@link #confirm} and {@link #segmentEnded}.
 */
final class Names<T> {
  /** The most names that a session may have of one sort. */
  static final int MAX_NAMES = 10_000;

  private final Map<String, T> confirmed = new ConcurrentHashMap<>();
  private final ConcurrentLinkedDeque<Map<String, Optional<T>>> ended =
      new ConcurrentLinkedDeque<>();
  private Map<String, Optional<T>> current = new HashMap<>();
  private boolean doubtful;

  /** The current segment gives the name to something, or takes it away with null. */
  void change(String name, @Nullable T value) {
    current.put(name, Optional.ofNullable(value));
  }

  /** Whether it depends on answers that are still to come what the name stands for. */
  boolean unsettled(String name) {
    return doubtful
        || (!current.containsKey(name)
            && ended.stream().anyMatch(segment -> segment.containsKey(name)));
  }

  /** Something was sent that may change any name: none is known until it is answered. */
  void doubt() {
    doubtful = true;
  }

  /** Everything that was sent is answered: what is confirmed is what the server has. */
  void settled() {
    doubtful = false;
    current = new HashMap<>();
  }

  /** What the name stands for, as seen from the current segment. */
  Optional<T> get(String name) {
    var here = current.get(name);
    return here != null ? here : Optional.ofNullable(confirmed.get(name));
  }

  /** Whether another name can be given. */
  boolean hasRoom() {
    return confirmed.size() + current.size() < MAX_NAMES;
  }

  /** The current segment ends here. */
  void endSegment() {
    ended.addLast(current);
    current = new HashMap<>();
  }

  /** The server has given the name to something, or taken it away with null. */
  void confirm(String name, @Nullable T value) {
    if (value == null) {
      confirmed.remove(name);
    } else {
      confirmed.put(name, value);
    }
  }

  /** The server has given or taken all names. */
  void confirmNone() {
    confirmed.clear();
  }

  /** Changes everything that is confirmed. */
  void replaceAll(UnaryOperator<T> change) {
    confirmed.replaceAll((_, value) -> change.apply(value));
  }

  /** The oldest segment that had ended is answered to its end. */
  void segmentEnded() {
    ended.pollFirst();
  }
}
