package dev.chaperone.postgres.handshake;

import dev.chaperone.postgres.wire.MessageReader;
import dev.chaperone.wire.Connection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A connection to a target's server that is signed in and ready.
 *
 * @param connection the connection; whoever has this closes it
 * @param reader reads what the server says
 * @param parameters what the server reported at the start, by name
 * @param process the server process's number
 * @param secret the key for cancelling
 */
public record Upstream(
    Connection connection,
    MessageReader reader,
    Map<String, String> parameters,
    int process,
    int secret) {
  public Upstream {
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
  }
}
