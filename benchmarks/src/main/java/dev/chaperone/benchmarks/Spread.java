package dev.chaperone.benchmarks;

import java.util.List;

/**
 * How measurements of the same thing differ.
 *
 * @param min the least
 * @param median the middle one, or the mean of the two middle ones
 * @param max the most
 */
record Spread(double min, double median, double max) {
  /** Of at least one value. */
  static Spread of(List<Double> values) {
    var sorted = values.stream().sorted().toList();
    int half = sorted.size() / 2;
    double median =
        sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    return new Spread(sorted.getFirst(), median, sorted.getLast());
  }
}
