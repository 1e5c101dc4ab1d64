package dev.chaperone.sql;

import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The operator names of pg_catalog, from {@code operators.txt}. Immutable. */
final class OperatorCatalogue {
  private static final Pattern BLANK = Pattern.compile(" ");

  private final Set<String> names;

  private OperatorCatalogue(Set<String> names) {
    this.names = names;
  }

  static OperatorCatalogue load() {
    return new OperatorCatalogue(
        Resource.lines("operators.txt").stream()
            .flatMap(BLANK::splitAsStream)
            .collect(Collectors.toUnmodifiableSet()));
  }

  OperatorUse use(Name name) {
    return new OperatorUse(name, name.mayBeBuiltIn() && names.contains(name.name()));
  }

  Set<String> names() {
    return names;
  }
}
