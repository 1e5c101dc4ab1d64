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
 * @param sessions how long sessions live, and how many there may be
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
   * How long sessions live, and how many there may be.
   *
   * @param longest from its opening
   * @param endWithToken whether it ends when the token does
   * @param idle without a command
   * @param perIdentity how many of one identity may be open at once
   * @param perTarget how many on one target may be open at once
   * @param drain how long those that are busy may go on when the gateway stops
   */
  public record SessionLimits(
      Duration longest,
      boolean endWithToken,
      Duration idle,
      int perIdentity,
      int perTarget,
      Duration drain) {
    /**
     * Twelve hours, one hour idle, and the token is checked at the opening alone; a hundred of one
     * identity, a thousand on one target; thirty seconds when the gateway stops.
     */
    public static final SessionLimits DEFAULT =
        new SessionLimits(Duration.ofHours(12), false, Duration.ofHours(1));

    /** As many, and as long at the end, as by {@link #DEFAULT}. */
    public SessionLimits(Duration longest, boolean endWithToken, Duration idle) {
      this(longest, endWithToken, idle, 100, 1_000, Duration.ofSeconds(30));
    }
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
