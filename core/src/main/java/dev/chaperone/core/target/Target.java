package dev.chaperone.core.target;

import dev.chaperone.wire.ClientKey;
import java.io.IOException;
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

  /**
   * A login on the target.
   *
   * @param user its name there
   * @param password null where the certificate alone proves it
   * @param certificate what is shown to a target that asks for a certificate; null for none
   */
  public record Credential(
      String user, @Nullable Secret password, @Nullable ClientCertificate certificate) {
    public Credential {
      if (password == null && certificate == null) {
        throw new IllegalArgumentException("a credential needs a password or a certificate");
      }
    }

    /** A login by password. */
    public Credential(String user, Secret password) {
      this(user, password, null);
    }
  }

  /** A reference to a certificate with its key, read again whenever they are needed. */
  public interface ClientCertificate {
    /**
     * The certificate and its key as they are now; blocks on the local disk alone.
     *
     * @throws IOException when they cannot be read or do not fit; the message tells nothing of a
     *     key
     */
    ClientKey read() throws IOException;
  }

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
