package dev.chaperone.journal.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Collects findings, the first {@value #MAX} of them, and counts the others. */
final class Findings {
  static final int MAX = 100;

  private final List<Finding> list = new ArrayList<>();
  private long more;

  void add(String where, String what) {
    add(new Finding(what, where, Optional.empty()));
  }

  void add(String where, String what, Since since) {
    add(new Finding(what, where, Optional.of(since)));
  }

  private void add(Finding finding) {
    if (list.size() < MAX) {
      list.add(finding);
    } else {
      more++;
    }
  }

  /** Completes the findings that name an entry without knowing more of it. */
  void know(Since since) {
    if (!list.isEmpty()) {
      list.replaceAll(finding -> finding.knowing(since));
    }
  }

  /** Whether one of the findings is about this file. */
  boolean name(String where) {
    return list.stream().anyMatch(finding -> finding.where().equals(where));
  }

  /** Forgets every finding but the first {@code count}. */
  void keep(int count) {
    list.subList(count, list.size()).clear();
    more = 0;
  }

  boolean isEmpty() {
    return list.isEmpty();
  }

  List<Finding> list() {
    return list;
  }

  long more() {
    return more;
  }
}
