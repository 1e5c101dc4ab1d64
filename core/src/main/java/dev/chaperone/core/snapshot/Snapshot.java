package dev.chaperone.core.snapshot;

import dev.chaperone.core.identity.SignIn;
import dev.chaperone.core.policy.Policy;
import dev.chaperone.core.target.Target;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Everything configurable that the data plane needs, immutable. A change is another snapshot.
 *
 * @param targets by name
 * @param policy decides
 * @param signIn checks tokens
 * @param issuers the configured issuers' names: a session whose issuer is gone ends
 * @param sessions how long sessions live
 * @param reviewAddress where a person decides a review; the review's id is appended
 */
public record Snapshot(
    Map<String, Target> targets,
    Policy policy,
    SignIn signIn,
    Set<String> issuers,
    SessionLimits sessions,
    String reviewAddress) {

  /**
   * How long sessions live.
   *
   * @param longest from its opening
   * @param endWithToken whether it ends when the token does
   * @param idle without a command
   */
  public record SessionLimits(Duration longest, boolean endWithToken, Duration idle) {
    /** Twelve hours, one hour idle, and the token is checked at the opening alone. */
    public static final SessionLimits DEFAULT =
        new SessionLimits(Duration.ofHours(12), false, Duration.ofHours(1));
  }

  public Snapshot {
    targets = Map.copyOf(targets);
    issuers = Set.copyOf(issuers);
  }

  /** The target of this name, if there is one. */
  public Optional<Target> target(String name) {
    return Optional.ofNullable(targets.get(name));
  }
}
