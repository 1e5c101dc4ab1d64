package dev.chaperone.postgres.session;

import dev.chaperone.sql.Reading;

/**
 * A prepared statement as the server has it under a name.
 *
 * @param text the text that was parsed
 * @param reading what it says; read when it was parsed
 * @param types the parameters' types
 * @param trusted whether nothing unreadable ran since, that could have put another in its place
 */
record NamedStatement(String text, Reading reading, ParameterTypes types, boolean trusted) {
  NamedStatement untrusted() {
    return new NamedStatement(text, reading, types, false);
  }
}
