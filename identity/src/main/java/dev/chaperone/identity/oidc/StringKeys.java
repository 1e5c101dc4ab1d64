package dev.chaperone.identity.oidc;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** A JSON object inside another one, whose type the compiler no longer knows. */
final class StringKeys {
  private StringKeys() {}

  static Map<String, Object> of(Map<?, ?> object) {
    var members = new LinkedHashMap<String, Object>();
    object.forEach((name, value) -> members.put(String.valueOf(name), value));
    return Collections.unmodifiableMap(members);
  }
}
