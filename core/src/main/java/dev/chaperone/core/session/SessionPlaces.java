package dev.chaperone.core.session;

import dev.chaperone.core.identity.Identity;
import dev.chaperone.core.snapshot.Snapshot.SessionLimits;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts the open sessions of each identity and on each target. An identity is an issuer's subject:
 * an agent that acts for several people is one. Safe for many threads.
 */
final class SessionPlaces {
  private final Map<Who, Integer> byIdentity = new HashMap<>();
  private final Map<String, Integer> byTarget = new HashMap<>();

  private record Who(String issuer, String subject) {
    static Who of(Session.Opening opening) {
      Identity identity = opening.identity();
      return new Who(identity.issuer(), identity.subject());
    }
  }

  /**
   * Takes a place, which must be given back.
   *
   * @throws SessionRefusedException when there is none; nothing is taken then
   */
  synchronized void take(Session.Opening opening, SessionLimits limits)
      throws SessionRefusedException {
    var who = Who.of(opening);
    var target = opening.target().name();
    int ofIdentity = byIdentity.getOrDefault(who, 0);
    int onTarget = byTarget.getOrDefault(target, 0);
    if (ofIdentity >= limits.perIdentity()) {
      throw new SessionRefusedException(
          "too many sessions: this identity has " + ofIdentity + " open, and may have no more");
    }
    if (onTarget >= limits.perTarget()) {
      throw new SessionRefusedException(
          "too many sessions: the target has " + onTarget + " open, and may have no more");
    }
    byIdentity.put(who, ofIdentity + 1);
    byTarget.put(target, onTarget + 1);
  }

  /** Gives a place back. */
  synchronized void leave(Session.Opening opening) {
    byIdentity.computeIfPresent(Who.of(opening), (_, count) -> count == 1 ? null : count - 1);
    byTarget.computeIfPresent(opening.target().name(), (_, count) -> count == 1 ? null : count - 1);
  }
}
