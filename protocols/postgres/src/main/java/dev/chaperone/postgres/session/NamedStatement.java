package dev.chaperone.postgres.session;

import dev.chaperone.sql.Reading;
import java.util.List;

/**
 * A prepared statement as the server has it under a name.
 *
 * @param text the text that was parsed
 * @param reading what it says; read when it was parsed
 * @param types the parameters' types as the client gave them; 0 where it left them open
 * @param trusted whether nothing unreadable ran since, that could have put another in its place
 */
record NamedStatement(String text, Reading reading, List<Integer> types, boolean trusted) {
  NamedStatement {
    types = List.copyOf(types);
  }

  NamedStatement untrusted() {
    return new NamedStatement(text, reading, types, false);
  }
}
