package dev.chaperone.journal.verify;

import dev.chaperone.journal.log.SegmentWalk;
import dev.chaperone.journal.merkle.Hash;
import dev.chaperone.journal.merkle.TilePath;
import dev.chaperone.journal.merkle.TreeEdge;
import dev.chaperone.journal.merkle.TreeHasher;
import dev.chaperone.journal.note.Checkpoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Computes the tree from the entries upwards, beside what the tiles and the segments say, and where
 * they differ lets the hash above, and at last the signed root, tell who is right. Holds one tile a
 * level and one bundle, however large the log is.
 */
final class TreeCheck {
  private final Checkpoint checkpoint;
  private final @Nullable Checkpoint earlier;
  private final LogFiles files;
  private final @Nullable SegmentWalk segments;
  private final SessionRules rules;
  private final Findings findings;
  private final TreeHasher hasher = new TreeHasher();
  private final List<Level> levels = new ArrayList<>();
  private Optional<String> lastTime = Optional.empty();
  private final boolean segmentsAreTrue;
  private final TreeEdge segmentEdge = new TreeEdge(hasher);
  private boolean earlierHolds;
  private boolean rootHolds;

  /** The tile of a level that the walk is in. */
  private static final class Level {
    private final List<Slot> slots = new ArrayList<>();
    private List<Hash> tile = List.of();
    private long index = -1;
  }

  /**
   * Prepares a check.
   *
   * @param earlier a checkpoint that the tree must continue
   * @param segments at their beginning; null where there are none
   * @param segmentsAreTrue whether the segments are known to have the signed root
   * @param findings what is wrong with the tree
   * @param unruly what is wrong between the entries
   */
  TreeCheck(
      Checkpoint checkpoint,
      @Nullable Checkpoint earlier,
      LogFiles files,
      @Nullable SegmentWalk segments,
      boolean segmentsAreTrue,
      Findings findings,
      Findings unruly) {
    this.checkpoint = checkpoint;
    this.earlier = earlier;
    this.files = files;
    this.segments = segments;
    this.segmentsAreTrue = segmentsAreTrue;
    this.findings = findings;
    this.rules = new SessionRules(unruly);
    for (int level = 0; level < files.levels(); level++) {
      levels.add(new Level());
    }
    this.earlierHolds =
        earlier != null && earlier.size() == 0 && earlier.root().equals(hasher.empty());
  }

  void run() throws IOException {
    for (long index = 0; index * TilePath.FULL < checkpoint.size(); index++) {
      bundle(files.path(TilePath.ENTRIES, index));
    }
    finish();
    if (earlier != null && earlier.size() <= checkpoint.size() && !earlierHolds) {
      findings.add(
          "checkpoint",
          "forked: the first %d entries do not have the root of the earlier checkpoint, which the"
                  .formatted(earlier.size())
              + " same key signed");
    }
  }

  /**
   * Whether tiles and bundles have not the signed root, but the segments have it: then the log was
   * rewritten as a whole, and a second check that takes the segments for true tells where.
   */
  boolean onlySegmentsAreTrue() {
    return !rootHolds
        && segmentEdge.size() == checkpoint.size()
        && segmentEdge.root().equals(checkpoint.root());
  }

  private void bundle(TilePath path) throws IOException {
    List<byte[]> entries = files.entries(path);
    for (int i = 0; i < path.width(); i++) {
      byte[] bundled = i < entries.size() ? entries.get(i) : null;
      byte[] written = segments == null ? null : segments.next();
      Slot slot = leaf(path.firstEntry() + i, bundled, written, path.toString());
      add(0, slot);
      if (earlier != null && earlier.size() == path.firstEntry() + i + 1) {
        earlierHolds = confirmed(edge(), earlier) != null;
      }
    }
  }

  private Slot leaf(long index, byte @Nullable [] bundled, byte @Nullable [] written, String where)
      throws IOException {
    Hash below = bundled == null ? null : hasher.leaf(bundled);
    Hash tile = tileHash(0, index);
    Hash segment = written == null ? null : hasher.leaf(written);
    boolean trustWritten =
        bundled == null || (segment != null && (segmentsAreTrue || segment.equals(tile)));
    byte[] best = trustWritten ? written : bundled;
    Envelope envelope = best == null ? Envelope.UNREADABLE : Envelope.of(best);
    Since since = new Since(index, envelope.time(), envelope.session(), lastTime);
    if (best != null) {
      rules.take(envelope, where, since);
      lastTime = envelope.time().or(() -> lastTime);
    }
    findings.know(since);
    Slot.Written disputed = null;
    if (written != null && segments != null && segment != null) {
      segmentEdge.append(segment, (_, _) -> {});
      if (!segment.equals(below) || !segment.equals(tile)) {
        disputed = new Slot.Written(segments.place(), Since.entry(index, Envelope.of(written)));
      }
    }
    return new Slot(below, tile, segment, disputed, since);
  }

  /** What the tile of {@code level} says of the {@code position}-th hash of that level. */
  private @Nullable Hash tileHash(int level, long position) throws IOException {
    if (level >= levels.size()) {
      return null;
    }
    Level at = levels.get(level);
    long index = position / TilePath.FULL;
    if (at.index != index) {
      at.index = index;
      at.tile = files.hashes(files.path(level, index));
    }
    int i = (int) (position % TilePath.FULL);
    return i < at.tile.size() ? at.tile.get(i) : null;
  }

  private void add(int level, Slot slot) throws IOException {
    List<Slot> slots = levels.get(level).slots;
    slots.add(slot);
    if (slots.size() < TilePath.FULL) {
      return;
    }
    long index = levels.get(level).index;
    Hash above = tileHash(level + 1, index);
    List<Hash> truth =
        segmentsAreTrue
            ? written(slots)
            : Slot.confirmed(slots, hashes -> hasher.root(hashes).equals(above));
    new SlotReport(findings, level, index, TilePath.FULL).report(slots, truth);
    Hash root = hasher.root(truth == null ? guesses(slots) : truth);
    Since since = slots.getFirst().since();
    slots.clear();
    add(level + 1, new Slot(root, above, null, null, since));
  }

  private List<Hash> guesses(List<Slot> slots) {
    Hash nothing = hasher.empty();
    return slots.stream().map(slot -> slot.guess(nothing)).toList();
  }

  /** The hashes as the segments have them, and above level 0 as they follow from those. */
  private List<Hash> written(List<Slot> slots) {
    Hash nothing = hasher.empty();
    return slots.stream()
        .map(slot -> Objects.requireNonNullElseGet(slot.segment(), () -> slot.guess(nothing)))
        .toList();
  }

  private void finish() {
    List<Hash> truth = segmentsAreTrue ? written(edge()) : confirmed(edge(), checkpoint);
    rootHolds = truth != null;
    int from = 0;
    for (int level = 0; level < levels.size(); level++) {
      List<Slot> slots = levels.get(level).slots;
      int to = from + slots.size();
      if (!slots.isEmpty()) {
        long index = levels.get(level).index;
        new SlotReport(findings, level, index, slots.size())
            .report(slots, truth == null ? null : truth.subList(from, to));
      }
      from = to;
    }
    if (segmentsAreTrue) {
      findings.add(
          "checkpoint",
          "tiles and bundles were rewritten: they do not have the signed root, the segments do");
    } else if (truth == null) {
      findings.add(
          "checkpoint",
          "the %d entries do not have the root that was signed".formatted(checkpoint.size()));
    }
  }

  /** The root over the hashes of the partial tiles, those of level 0 first. */
  private Hash root(List<Hash> edge) {
    Hash root = null;
    int from = 0;
    for (Level level : levels) {
      int to = from + level.slots.size();
      root = hasher.fold(edge.subList(from, to), root);
      from = to;
    }
    return root == null ? hasher.empty() : root;
  }

  /** The hashes of the partial tiles, those of level 0 first. */
  private List<Slot> edge() {
    return levels.stream().flatMap(level -> level.slots.stream()).toList();
  }

  /** The hashes of the edge, as any witness has them, that give the root of {@code head}. */
  private @Nullable List<Hash> confirmed(List<Slot> edge, Checkpoint head) {
    return Slot.confirmed(edge, hashes -> root(hashes).equals(head.root()));
  }
}
