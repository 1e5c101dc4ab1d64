package dev.chaperone.postgres.handshake;

import dev.chaperone.postgres.wire.Body;
import dev.chaperone.postgres.wire.ProtocolViolationException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a client asks for when it begins (PostgreSQL 18 documentation, section 54.7,
 * StartupMessage). None of it proves who the client is.
 *
 * @param minor the minor version of protocol 3 that is spoken with the client
 * @param parameters names and values as sent, without protocol extensions
 * @param extensions names of {@code _pq_.} extensions that the client would like
 */
public record StartupMessage(int minor, Map<String, String> parameters, List<String> extensions) {
  private static final int MAX_PARAMETERS = 100;

  /** As many as PostgreSQL 18 gives. */
  private static final int LONG_KEY_BYTES = 32;

  public StartupMessage {
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    extensions = List.copyOf(extensions);
  }

  /** Reads what follows the version number. */
  static StartupMessage read(int minor, Body body) throws ProtocolViolationException {
    var parameters = new LinkedHashMap<String, String>();
    var extensions = new ArrayList<String>();
    while (true) {
      var name = body.string();
      if (name.isEmpty()) {
        body.end("the start-up message");
        return new StartupMessage(minor, parameters, extensions);
      }
      var value = body.string();
      if (name.startsWith("_pq_.")) {
        extensions.add(name);
      } else if (parameters.put(name, value) != null) {
        throw new ProtocolViolationException("a start-up parameter twice");
      }
      if (parameters.size() + extensions.size() > MAX_PARAMETERS) {
        throw new ProtocolViolationException("too many start-up parameters");
      }
    }
  }

  /** How many bytes the secret of the session's cancel key has: the most that the client knows. */
  public int cancelKeyBytes() {
    return minor < 2 ? CancelKey.SHORT_BYTES : LONG_KEY_BYTES;
  }

  /** The value of a parameter. */
  public Optional<String> parameter(String name) {
    return Optional.ofNullable(parameters.get(name));
  }

  /** What the client calls a database: a target, or {@code target/database}. */
  public String database() {
    return parameter("database").or(() -> parameter("user")).orElse("");
  }

  /** Whether the client asks to be a replica. */
  public boolean asksForReplication() {
    return parameter("replication")
        .map(value ->
            !List.of("false", "off", "no", "0").contains(value.toLowerCase(java.util.Locale.ROOT)))
        .orElse(false);
  }
}
