package dev.chaperone.control.reviews;

import dev.chaperone.control.record.Actor;
import dev.chaperone.control.reviews.ReviewArchive.Kept;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The reviews that can still change, and the last ones that no longer can. Changed under the lock
 * of {@link Reviews} alone; found by anyone.
 */
final class LiveReviews {
  private static final int MAX_OVER = 1_000;

  private final Map<String, Live> byId = new ConcurrentHashMap<>();
  private final Map<Review.Key, Live> byKey = new HashMap<>();
  private final Map<String, Kept> over =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Kept> eldest) {
          return size() > MAX_OVER;
        }
      };

  void add(Live live) {
    byId.put(live.review().id(), live);
    byKey.put(live.review().key(), live);
  }

  /**
   * Remembers a review that no longer changes for a while, since the archive is a little behind.
   */
  void retire(Live live) {
    var review = live.review();
    synchronized (over) {
      over.put(review.id(), live.kept());
    }
    byId.remove(review.id());
    byKey.remove(review.key(), live);
  }

  /** Those that a session asked for first. */
  List<Live> askedBy(String session) {
    return byId.values().stream().filter(live -> live.review().session().equals(session)).toList();
  }

  Optional<Live> of(Review.Key key) {
    return Optional.ofNullable(byKey.get(key));
  }

  Optional<Live> find(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  Optional<Kept> known(String id) {
    var live = byId.get(id);
    if (live != null) {
      return Optional.of(live.kept());
    }
    synchronized (over) {
      return Optional.ofNullable(over.get(id));
    }
  }

  long pendingOf(Actor asker) {
    return byId.values().stream()
        .map(Live::review)
        .filter(review -> review.state() == ReviewState.PENDING && review.asker().equals(asker))
        .count();
  }

  List<Kept> kept() {
    return byId.values().stream().map(Live::kept).toList();
  }

  /** A copy. */
  Collection<Live> lives() {
    return List.copyOf(byId.values());
  }

  int size() {
    return byId.size();
  }
}
