package dev.chaperone.sql;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where in a statement the walk is. Used while walking only: names come in as their declarations
 * are passed.
 *
 * @param reading whether a relation named here is read, as in a query, or only mentioned, as in a
 *     definition
 * @param tables the names of common table expressions declared here so far; they hide relations
 *     without a schema
 */
record Scope(boolean reading, Set<String> tables, @Nullable Scope outer) {
  static final Scope DEFINITION = new Scope(false, Set.of(), null);

  /** The same names, in a query. */
  Scope query() {
    return reading ? this : new Scope(true, Set.of(), this);
  }

  /** A scope within this one, to declare names in. */
  Scope inner() {
    return new Scope(reading, new HashSet<>(), this);
  }

  /** Declares a common table expression. */
  void declare(String table) {
    tables.add(table);
  }

  boolean hides(String name) {
    for (Scope scope = this; scope != null; scope = scope.outer) {
      if (scope.tables.contains(name)) {
        return true;
      }
    }
    return false;
  }
}
