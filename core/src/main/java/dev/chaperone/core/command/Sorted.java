package dev.chaperone.core.command;

import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Immutable sorted copies; their order makes records and digests canonical. */
final class Sorted {
  private Sorted() {}

  static SortedSet<String> copyOf(SortedSet<String> source) {
    return Collections.unmodifiableSortedSet(new TreeSet<>(source));
  }

  static SortedMap<String, String> copyOf(SortedMap<String, String> source) {
    return Collections.unmodifiableSortedMap(new TreeMap<>(source));
  }

  static SortedMap<String, String> none() {
    return Collections.emptySortedMap();
  }
}
