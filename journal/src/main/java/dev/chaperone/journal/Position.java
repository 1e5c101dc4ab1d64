package dev.chaperone.journal;

/**
 * The place of an entry in the log.
 *
 * @param index the leaf's index, counted from 0
 */
public record Position(long index) implements Comparable<Position> {

  public Position {
    if (index < 0) {
      throw new IllegalArgumentException("a position is not negative: " + index);
    }
  }

  @Override
  public int compareTo(Position other) {
    return Long.compare(index, other.index);
  }
}
