package dev.chaperone.sql;

import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What changing a session setting does, from {@code settings.txt}. Immutable. */
final class SettingCatalogue {
  /** SET TRANSACTION and SET SESSION CHARACTERISTICS are transaction control; ALL is RESET ALL. */
  private static final Set<String> FORMS =
      Set.of("all", "transaction", "session characteristics", "transaction snapshot");

  private final Map<String, Effect> effects;

  private SettingCatalogue(Map<String, Effect> effects) {
    this.effects = effects;
  }

  static SettingCatalogue load() {
    var effects = new HashMap<String, Effect>();
    Effect effect = Effect.UNKNOWN;
    for (String line : Resource.lines("settings.txt")) {
      if (Character.isUpperCase(line.charAt(0))) {
        effect = Effect.valueOf(line);
      } else {
        for (String name : line.split(" ", -1)) {
          effects.put(name, effect);
        }
      }
    }
    return new SettingCatalogue(Map.copyOf(effects));
  }

  /**
   * What changing it does.
   *
   * @param name in lower case; null when it is not a constant
   */
  Set<Effect> effects(@Nullable String name) {
    var found = EnumSet.of(Effect.SESSION);
    if (name == null) {
      found.add(Effect.UNKNOWN);
    } else if (!FORMS.contains(name)) {
      found.add(effects.getOrDefault(name, Effect.UNKNOWN));
    }
    return Collections.unmodifiableSet(found);
  }

  /** All names with this effect. */
  Set<String> names(Effect effect) {
    return effects.entrySet().stream()
        .filter(entry -> entry.getValue() == effect)
        .map(Map.Entry::getKey)
        .collect(Collectors.toUnmodifiableSet());
  }
}
