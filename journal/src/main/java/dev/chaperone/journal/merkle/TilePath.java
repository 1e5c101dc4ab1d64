package dev.chaperone.journal.merkle;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The place of a tile or an entry bundle in a log, as path on disk and in HTTP (C2SP tlog-tiles):
 * {@code tile/<L>/<N>[.p/<W>]}, {@code tile/entries/<N>[.p/<W>]}.
 *
 * @param level the level of a hash tile, {@link #ENTRIES} for a bundle
 * @param index the index within the level
 * @param width how many hashes or entries, 1 to {@link #FULL}
 */
public record TilePath(int level, long index, int width) {
  public static final int FULL = 256;
  public static final int ENTRIES = -1;

  public static final int MAX_LEVEL = 6;

  /** The most entries of a log: as many as the levels up to {@link #MAX_LEVEL} hold. */
  public static final long MAX_ENTRIES = (1L << 56) - 1;

  private static final Pattern PATH =
      Pattern.compile("tile/(entries|[0-6])/((?:x\\d{3}/){0,6}\\d{3})(?:\\.p/([1-9]\\d{0,2}))?");

  public TilePath {
    if (level < ENTRIES || level > MAX_LEVEL || index < 0 || width < 1 || width > FULL) {
      throw new IllegalArgumentException(
          "no tile: level " + level + ", index " + index + ", width " + width);
    }
  }

  /** Reads a path; empty for what is not the one way to write a tile's path. */
  public static Optional<TilePath> parse(String path) {
    Matcher m = PATH.matcher(path);
    if (!m.matches()) {
      return Optional.empty();
    }
    int level = m.group(1).equals("entries") ? ENTRIES : Integer.parseInt(m.group(1));
    String digits = m.group(2).replace("x", "").replace("/", "");
    if (digits.length() > 18) {
      return Optional.empty();
    }
    int width = m.group(3) == null ? FULL : Integer.parseInt(m.group(3));
    if (width > FULL) {
      return Optional.empty();
    }
    TilePath tile = new TilePath(level, Long.parseLong(digits), width);
    return tile.toString().equals(path) ? Optional.of(tile) : Optional.empty();
  }

  public boolean isFull() {
    return width == FULL;
  }

  public boolean isBundle() {
    return level == ENTRIES;
  }

  /** The same place, complete. */
  public TilePath full() {
    return new TilePath(level, index, FULL);
  }

  /** How many entries one hash of this tile spans. */
  public long span() {
    return 1L << (8 * Math.max(level, 0));
  }

  /** The index of the first entry that this tile spans; of a tile beyond every log, the largest. */
  public long firstEntry() {
    return index > MAX_ENTRIES / FULL / span() ? Long.MAX_VALUE : index * FULL * span();
  }

  @Override
  public String toString() {
    return (isBundle() ? "tile/entries/" : "tile/" + level + "/")
        + number(index)
        + (isFull() ? "" : ".p/" + width);
  }

  private static String number(long index) {
    StringBuilder path = new StringBuilder("%03d".formatted(index % 1000));
    for (long rest = index / 1000; rest > 0; rest /= 1000) {
      path.insert(0, "x%03d/".formatted(rest % 1000));
    }
    return path.toString();
  }
}
