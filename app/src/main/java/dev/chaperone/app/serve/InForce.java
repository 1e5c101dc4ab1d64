package dev.chaperone.app.serve;

import dev.chaperone.app.config.Configuration;
import dev.chaperone.app.config.IssuerConfiguration;
import dev.chaperone.control.api.Roles;
import dev.chaperone.control.reviews.ReviewSettings;
import dev.chaperone.core.snapshot.Snapshot;
import dev.chaperone.core.yaml.ConfigurationException;
import dev.chaperone.core.yaml.Place;
import dev.chaperone.identity.oidc.IssuerSettings;
import dev.chaperone.identity.oidc.IssuerSettingsException;
import dev.chaperone.identity.oidc.OidcSignIn;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One loaded configuration with what was made of it.
 *
 * @param configuration as it was read
 * @param signIn checks tokens; closed when another configuration takes its place
 * @param digests of the files it was read from
 */
record InForce(Configuration configuration, OidcSignIn signIn, List<FileDigest> digests) {
  InForce {
    digests = List.copyOf(digests);
  }

  /**
   * A file that was read.
   *
   * @param sha256 lower-case hexadecimal
   */
  record FileDigest(String file, String sha256) {}

  /**
   * Reads a configuration and everything that it names. Blocks on the local disk alone.
   *
   * @throws ConfigurationException when anything in it cannot be used, or changes meanwhile
   */
  static InForce load(Path file, Clock clock) throws ConfigurationException {
    var configuration = Configuration.load(file);
    var files = List.of(file, Path.of(configuration.policyFile().file()));
    try {
      var before = digests(files);
      // What was digested must be what is in force: so it is read again, between two digests.
      var read = Configuration.load(file);
      if (!before.equals(digests(files))) {
        throw new ConfigurationException(
            Place.start(file.toString()), "changed while it was read; try again");
      }
      return new InForce(read, signIn(read, clock), before);
    } catch (IOException e) {
      throw new ConfigurationException(
          Place.start(file.toString()), "cannot be read: " + e.getMessage());
    }
  }

  private static List<FileDigest> digests(List<Path> files) throws IOException {
    var digests = new java.util.ArrayList<FileDigest>();
    for (var file : files) {
      digests.add(new FileDigest(file.toString(), Digests.of(file)));
    }
    return digests;
  }

  private static OidcSignIn signIn(Configuration configuration, Clock clock)
      throws ConfigurationException {
    try {
      return new OidcSignIn(
          configuration.issuers().stream().map(InForce::settings).toList(), clock);
    } catch (IssuerSettingsException e) {
      throw new ConfigurationException(
          Place.start(configuration.file().toString()), String.valueOf(e.getMessage()));
    }
  }

  private static IssuerSettings settings(IssuerConfiguration issuer) {
    return new IssuerSettings(
        issuer.name(),
        issuer.issuer(),
        issuer.audience(),
        issuer.jwks(),
        issuer.kind(),
        issuer.groups(),
        issuer.person());
  }

  /** What the data plane works on. */
  Snapshot snapshot(String reviewAddress) {
    return new Snapshot(
        configuration.targets(),
        configuration.policy(),
        signIn,
        configuration.issuers().stream().map(IssuerConfiguration::name).collect(Collectors.toSet()),
        configuration.sessions(),
        reviewAddress);
  }

  Roles roles() {
    return new Roles(configuration.roles().administrators(), configuration.roles().auditors());
  }

  ReviewSettings reviewSettings() {
    return new ReviewSettings(
        configuration.reviews().pendingPerIdentity(),
        configuration.reviews().freshSignIn(),
        ReviewSettings.DEFAULT.tellEvery());
  }
}
