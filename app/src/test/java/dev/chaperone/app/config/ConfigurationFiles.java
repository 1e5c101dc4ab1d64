package dev.chaperone.app.config;

import dev.chaperone.core.yaml.ConfigurationException;
import dev.chaperone.testing.TestCertificates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A directory with everything that the examples of the guides name. */
final class ConfigurationFiles {
  static final Map<String, String> ENVIRONMENT = Map.of("ORDERS_PASSWORD", "from the environment");

  static final String POLICY = "rules:\n- {name: a, when: target.name == 'orders', then: allow}\n";

  static final String MINIMAL =
      """
      listen:
        web: 127.0.0.1:8443
      identity:
        issuers:
          - {name: corp, issuer: https://login.example.com, kind: person}
      targets:
        - name: orders
          protocol: postgres
          address: 127.0.0.1:5432
          database: orders
          credential: {user: app, password: {env: ORDERS_PASSWORD}}
      policy: ./policy.yaml
      """;

  /** RFC 7517, A.1. */
  private static final String KEYS =
      """
      {"keys": [{"kty": "EC", "crv": "P-256", "use": "sig", "kid": "1", "alg": "ES256",
        "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
        "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}]}
      """;

  private final Path directory;

  ConfigurationFiles(Path directory) {
    this.directory = directory;
    try {
      var certificates = TestCertificates.in(Files.createDirectories(directory.resolve("made")));
      var server = certificates.server("gateway", "localhost");
      Files.createDirectories(directory.resolve("tls"));
      Files.copy(server.chain(), directory.resolve("tls/chain.pem"));
      Files.copy(server.key(), directory.resolve("tls/key.pem"));
      Files.copy(certificates.authority(), directory.resolve("ca.pem"));
      Files.writeString(directory.resolve("keys.json"), KEYS);
      Files.writeString(directory.resolve("secret"), "client secret\n");
      Files.writeString(directory.resolve("ro"), "read only\r\n");
      Files.writeString(directory.resolve("empty"), "\n");
      Files.writeString(directory.resolve("policy.yaml"), POLICY);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path directory() {
    return directory;
  }

  /** Loads a configuration that stands in the directory. */
  Configuration load(String yaml) throws ConfigurationException {
    var file = directory.resolve("chaperone.yaml");
    try {
      Files.writeString(file, yaml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new ConfigurationReader(file, ENVIRONMENT::get).read();
  }

  /** The smallest configuration, with these top-level keys in place of its own. */
  static String with(String keys) {
    var own = new StringBuilder();
    boolean kept = true;
    for (var line : MINIMAL.lines().toList()) {
      if (!line.startsWith(" ")) {
        var key = line.substring(0, line.indexOf(':') + 1);
        kept = keys.lines().noneMatch(other -> other.startsWith(key));
      }
      if (kept) {
        own.append(line).append('\n');
      }
    }
    return own + keys;
  }
}
