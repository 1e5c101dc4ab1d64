package dev.chaperone.journal.verify;

import dev.chaperone.journal.merkle.Hash;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One hash of the tree, as each of its witnesses has it.
 *
 * @param below computed from what it is over: the entry in the bundle, or the tile below; null
 *     where that is missing
 * @param tile as the tile has it; null where that is missing
 * @param segment computed from the entry in the segments; null where that is missing or not known
 * @param written what the segments say of that entry, where it is disputed
 * @param since the first entry that it is over
 */
record Slot(
    @Nullable Hash below,
    @Nullable Hash tile,
    @Nullable Hash segment,
    @Nullable Written written,
    Since since) {
  private static final int MAX_TRIES = 1024;

  /**
   * An entry in the segments.
   *
   * @param place where it stands
   * @param since the entry, as it stands there
   */
  record Written(String place, Since since) {}

  boolean isDisputed() {
    return below == null
        || !Objects.equals(below, tile)
        || (segment != null && !segment.equals(below));
  }

  private List<Hash> candidates() {
    List<Hash> candidates = new ArrayList<>();
    for (Hash hash : new @Nullable Hash[] {below, tile, segment}) {
      if (hash != null && !candidates.contains(hash)) {
        candidates.add(hash);
      }
    }
    return candidates;
  }

  /** What to go on with where nothing tells which witness is right. */
  Hash guess(Hash otherwise) {
    return Objects.requireNonNullElse(
        below, Objects.requireNonNullElse(segment, Objects.requireNonNullElse(tile, otherwise)));
  }

  /**
   * Finds the hashes, one of the witnesses' a slot, that a hash above confirms. Where too much is
   * disputed to try everything, one witness is tried at a time.
   *
   * @return null if none is confirmed
   */
  static @Nullable List<Hash> confirmed(List<Slot> slots, Predicate<List<Hash>> confirms) {
    List<List<Hash>> candidates = slots.stream().map(Slot::candidates).toList();
    long combinations = 1;
    int most = 0;
    for (List<Hash> of : candidates) {
      combinations = Math.min(combinations * of.size(), MAX_TRIES + 1L);
      most = Math.max(most, of.size());
    }
    long tries = combinations <= MAX_TRIES ? combinations : most;
    for (long attempt = 0; attempt < tries; attempt++) {
      long rest = attempt;
      List<Hash> chosen = new ArrayList<>(slots.size());
      for (List<Hash> of : candidates) {
        int choice = (int) (combinations <= MAX_TRIES ? rest % of.size() : attempt);
        rest /= of.size();
        chosen.add(of.get(Math.min(choice, of.size() - 1)));
      }
      if (confirms.test(chosen)) {
        return chosen;
      }
    }
    return null;
  }
}
