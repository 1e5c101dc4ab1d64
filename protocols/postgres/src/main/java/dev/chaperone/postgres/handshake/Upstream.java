package dev.chaperone.postgres.handshake;

import dev.chaperone.core.target.Target;
import dev.chaperone.postgres.wire.MessageReader;
import dev.chaperone.wire.Connection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a target's server that is signed in and ready.
 *
 * @param connection the connection; whoever has this closes it
 * @param reader reads what the server says
 * @param credential what it is signed in with
 * @param parameters what the server reported at the start, by name
 * @param key the server's key for cancelling; null where it gave none
 * @param unset settings that the session should have, and that could not be given at the start, by
 *     name
 */
public record Upstream(
    Connection connection,
    MessageReader reader,
    Target.Credential credential,
    Map<String, String> parameters,
    @Nullable CancelKey key,
    Map<String, String> unset) {
  public Upstream {
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    unset = Collections.unmodifiableMap(new LinkedHashMap<>(unset));
  }

  /** The server process's number; 0 where it gave none. */
  public int process() {
    return key == null ? 0 : key.process();
  }
}
