package dev.chaperone.core.target;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What may be reached. Holds references to credentials, never their values.
 *
 * @param name how clients name it, {@code [a-z0-9][a-z0-9.-]*}
 * @param protocol the protocol's name, for example {@code postgres}
 * @param host host name or address
 * @param port TCP port
 * @param database the database that the bare name reaches
 * @param databases further databases that {@code name/database} may reach, the first included
 * @param tls how the connection to it is protected
 * @param authority PEM certificates that its certificate must chain to; null for the platform's
 * @param credential the default login
 * @param logins further logins that a client may name, by that name
 * @param labels free labels for conditions
 * @param record what is kept of a command's outcome
 */
public record Target(
    String name,
    String protocol,
    String host,
    int port,
    String database,
    List<String> databases,
    Tls tls,
    @Nullable String authority,
    Credential credential,
    Map<String, Credential> logins,
    Map<String, String> labels,
    Recording record) {

  /** What a target's name looks like. */
  public static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9.-]*");

  /** How the connection to a target is protected. */
  public enum Tls {
    /** Certificate and host name are checked. */
    VERIFY_FULL,
    /** Encrypted, the certificate unchecked. */
    REQUIRE,
    /** Plain text. */
    OFF
  }

  /** A login on the target. */
  public record Credential(String user, Secret password) {}

  /**
   * What is kept of a command's outcome.
   *
   * @param outputBytes masked output kept per command, in bytes; {@link Long#MAX_VALUE} for as much
   *     as the gate keeps, 64 MiB
   * @param inputBytes content that the client sends to a running command (COPY FROM STDIN), kept
   *     per command, in bytes; likewise
   * @param durableOutcome whether the outcome's sync is awaited before the client sees the end
   */
  public record Recording(long outputBytes, long inputBytes, boolean durableOutcome) {
    /** 64 KiB of output, no input; the outcome's sync is not awaited. */
    public static final Recording DEFAULT = new Recording(64 << 10, 0, false);
  }

  public Target {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("not a target's name: " + name);
    }
    databases = List.copyOf(databases);
    logins = Map.copyOf(logins);
    labels = Map.copyOf(labels);
  }
}
