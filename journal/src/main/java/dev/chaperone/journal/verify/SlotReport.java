package dev.chaperone.journal.verify;

import dev.chaperone.journal.merkle.Hash;
import dev.chaperone.journal.merkle.TilePath;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Says of one tile which witnesses are wrong, neighbours with the same fault in one finding. */
final class SlotReport {
  private final Findings findings;
  private final int level;
  private final TilePath tile;

  SlotReport(Findings findings, int level, long index, int width) {
    this.findings = findings;
    this.level = level;
    this.tile = new TilePath(level, index, width);
  }

  private enum Fault {
    ENTRY,
    TILE,
    SEGMENT,
    UNDECIDED;

    boolean hits(Slot slot, @Nullable Hash truth) {
      if (truth == null) {
        return this == UNDECIDED && slot.isDisputed();
      }
      return switch (this) {
        case ENTRY -> slot.below() != null && !slot.below().equals(truth);
        case TILE -> slot.tile() != null && !slot.tile().equals(truth);
        case SEGMENT -> slot.segment() != null && !slot.segment().equals(truth);
        case UNDECIDED -> false;
      };
    }
  }

  /**
   * Adds the findings of a tile.
   *
   * @param truth the hashes that the tree above confirms; null if it confirms none
   */
  void report(List<Slot> slots, @Nullable List<Hash> truth) {
    for (Fault fault : Fault.values()) {
      int i = 0;
      while (i < slots.size()) {
        int begin = i;
        while (i < slots.size() && fault.hits(slots.get(i), truth == null ? null : truth.get(i))) {
          i++;
        }
        if (i > begin) {
          Slot slot = slots.get(begin);
          add(fault, begin, i - 1, slot, since(slot, truth == null ? null : truth.get(begin)));
        } else {
          i++;
        }
      }
    }
  }

  /** The entry as the copy of it has it that is right. */
  private static Since since(Slot slot, @Nullable Hash truth) {
    Slot.Written written = slot.written();
    return written != null && Objects.equals(slot.segment(), truth)
        ? written.since()
        : slot.since();
  }

  private void add(Fault fault, int first, int last, Slot slot, Since since) {
    String which =
        level == 0 ? entries(first, last) : hashes(first, last) + " over " + spanned(first, last);
    String bundle = new TilePath(TilePath.ENTRIES, tile.index(), tile.width()).toString();
    switch (fault) {
      case ENTRY -> {
        if (level == 0) {
          findings.add(bundle, which + " changed", since);
        } else {
          findings.add(
              tile.toString(), spanned(first, last) + " changed, and the tiles over them", since);
        }
      }
      case TILE -> findings.add(tile.toString(), hashes(first, last) + " changed", since);
      case SEGMENT ->
          findings.add(
              slot.written() == null ? "segments" : slot.written().place(),
              which + " changed",
              since);
      case UNDECIDED ->
          findings.add(
              level == 0 ? bundle : tile.toString(),
              which
                  + ": entries and tiles contradict each other, and no signed"
                  + " hash tells which is right",
              since);
    }
  }

  private String entries(int first, int last) {
    long base = tile.firstEntry();
    return first == last
        ? "entry " + (base + first)
        : "entries " + (base + first) + " to " + (base + last);
  }

  private String spanned(int first, int last) {
    long base = tile.firstEntry();
    return "entries "
        + (base + first * tile.span())
        + " to "
        + (base + (last + 1) * tile.span() - 1);
  }

  private static String hashes(int first, int last) {
    return first == last ? "hash " + first : "hashes " + first + " to " + last;
  }
}
