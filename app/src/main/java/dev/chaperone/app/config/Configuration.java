package dev.chaperone.app.config;

import dev.chaperone.core.policy.PolicyFile;
import dev.chaperone.core.policy.RulePolicy;
import dev.chaperone.core.snapshot.Snapshot.SessionLimits;
import dev.chaperone.core.target.Target;
import dev.chaperone.core.yaml.ConfigurationException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Everything that {@code chaperone.yaml} and the policy that it names say, checked as a whole.
 * Holds references to secrets, never their values.
 *
 * @param file the file it was read from
 * @param data the directory of journal, state and keys; may not exist yet
 * @param listen where the gateway listens
 * @param address how people reach {@code web}, without a slash at its end; null: the address that
 *     {@code web} listens on
 * @param tls the gateway's own certificate; null: an authority of its own
 * @param issuers who may sign identities in; at least one
 * @param roles who may do what beyond one's own
 * @param targets by name, in the file's order
 * @param reviews how reviews are bounded
 * @param sessions how long sessions live
 * @param policyFile the policy as it is written
 * @param policy the policy, compiled
 */
public record Configuration(
    Path file,
    Path data,
    Listen listen,
    @Nullable String address,
    @Nullable TlsFiles tls,
    List<IssuerConfiguration> issuers,
    Roles roles,
    Map<String, Target> targets,
    Reviews reviews,
    SessionLimits sessions,
    PolicyFile policyFile,
    RulePolicy policy) {

  /** What {@code serve} reads when nothing else is said. */
  public static final Path DEFAULT_FILE = Path.of("chaperone.yaml");

  /** The data directory's default, relative to the file. */
  public static final String DEFAULT_DATA = "data";

  public Configuration {
    issuers = List.copyOf(issuers);
    targets = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(targets));
  }

  /**
   * Reads and checks the file and what it names: certificates, keys, secrets and the policy. Blocks
   * on the local disk alone.
   *
   * @throws ConfigurationException at the first thing that is wrong; one line with file, line,
   *     column, key and what to do
   */
  public static Configuration load(Path file) throws ConfigurationException {
    return new ConfigurationReader(file, System::getenv).read();
  }

  /**
   * The addresses to listen on; null: that listener is not opened.
   *
   * @param web API and console
   * @param postgres PostgreSQL's clients
   */
  public record Listen(@Nullable HostPort web, @Nullable HostPort postgres) {}

  /** The gateway's certificate chain and its private key, PEM. */
  public record TlsFiles(Path certificate, Path key) {}

  /** Groups whose members have a role. */
  public record Roles(Set<String> administrators, Set<String> auditors) {
    public Roles {
      administrators = Set.copyOf(administrators);
      auditors = Set.copyOf(auditors);
    }
  }

  /**
   * How reviews are bounded.
   *
   * @param freshSignIn how long after a person's sign-in that person may decide
   * @param pendingPerIdentity how many reviews of one identity may be pending
   */
  public record Reviews(Duration freshSignIn, int pendingPerIdentity) {
    /** Five minutes, twenty pending. */
    public static final Reviews DEFAULT = new Reviews(Duration.ofMinutes(5), 20);
  }
}
