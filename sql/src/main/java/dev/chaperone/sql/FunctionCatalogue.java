package dev.chaperone.sql;

import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the functions of pg_catalog do, from {@code functions.txt}. Immutable. */
final class FunctionCatalogue {
  private record Entry(Set<Effect> effects, boolean reachesUnknown) {}

  private static final Pattern BLANK = Pattern.compile(" ");
  private static final String BUILT_IN = "pg_catalog";
  private static final Entry HARMLESS = new Entry(Set.of(), false);
  private static final Entry UNKNOWN = new Entry(Set.of(Effect.UNKNOWN), true);

  private final Map<Name, Entry> entries;

  private FunctionCatalogue(Map<Name, Entry> entries) {
    this.entries = entries;
  }

  static FunctionCatalogue load() {
    var entries = new HashMap<Name, Entry>();
    boolean harmless = false;
    for (String line : Resource.lines("functions.txt")) {
      if (line.equals("harmless")) {
        harmless = true;
      } else if (harmless) {
        BLANK.splitAsStream(line).forEach(name -> entries.put(listed(name), HARMLESS));
      } else {
        var words = line.split(" ", 3);
        entries.put(listed(words[0]), new Entry(effects(words[1]), words.length == 3));
      }
    }
    return new FunctionCatalogue(Map.copyOf(entries));
  }

  /** A call of this function; one that is not known, or in another schema, is unknown. */
  FunctionUse use(Name name, int arguments) {
    var entry = entry(name);
    return new FunctionUse(name, arguments, entry.effects(), entry.reachesUnknown());
  }

  /** Whether it is known to do something beside returning a value. */
  boolean matters(String name) {
    var entry = entries.get(Name.of(BUILT_IN, name));
    return entry != null && !entry.equals(HARMLESS);
  }

  /** The names with an effect, and those without. */
  Set<Name> names(boolean harmless) {
    return entries.entrySet().stream()
        .filter(entry -> entry.getValue().equals(HARMLESS) == harmless)
        .map(Map.Entry::getKey)
        .collect(Collectors.toUnmodifiableSet());
  }

  private Entry entry(Name name) {
    // A dot in a quoted name does not divide it, so names are compared by their parts.
    var entry = entries.get(name.schema() == null ? Name.of(BUILT_IN, name.name()) : name);
    if (entry == null && name.name().startsWith("dblink")) {
      // An extension's, in whatever schema it was installed.
      entry = entries.get(Name.of(BUILT_IN, name.name()));
    }
    return entry == null ? UNKNOWN : entry;
  }

  /** The file leaves pg_catalog out. */
  private static Name listed(String word) {
    int dot = word.indexOf('.');
    return dot < 0
        ? Name.of(BUILT_IN, word)
        : Name.of(word.substring(0, dot), word.substring(dot + 1));
  }

  private static Set<Effect> effects(String words) {
    return Stream.of(words.split(",", -1))
        .map(Effect::valueOf)
        .collect(
            Collectors.collectingAndThen(
                Collectors.toCollection(() -> EnumSet.noneOf(Effect.class)),
                Collections::unmodifiableSet));
  }
}
