package dev.chaperone.postgres.session;

import dev.chaperone.postgres.meaning.SettingRules;
import dev.chaperone.postgres.wire.ProtocolViolationException;
import java.util.Locale;

/**
 * Settings that change how the server reads a text in a way that the grammar does not follow. They
 * have one value at the start of a session; should the server ever report another, by whatever way
 * it came about, nothing that follows could be read rightly, and the session ends.
 */
final class Pinned {
  private Pinned() {}

  static void require(String name, String value) throws ProtocolViolationException {
    var only = SettingRules.PINNED_VALUES.get(name.toLowerCase(Locale.ROOT));
    if (only != null && !only.equals(value)) {
      throw new ProtocolViolationException(
          "the target has " + name + " = " + value + ", under which texts are read otherwise");
    }
  }
}
