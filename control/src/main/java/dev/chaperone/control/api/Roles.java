package dev.chaperone.control.api;

import dev.chaperone.core.identity.Identity;
import java.util.Collections;
import java.util.Set;

/**
 * Who administers and who audits, by group.
 *
 * @param administrators groups whose members see metadata, kill and reload
 * @param auditors groups whose members read everything recorded
 */
public record Roles(Set<String> administrators, Set<String> auditors) {
  /** Nobody. */
  public static final Roles NONE = new Roles(Set.of(), Set.of());

  public Roles {
    administrators = Set.copyOf(administrators);
    auditors = Set.copyOf(auditors);
  }

  boolean isAdministrator(Identity identity) {
    return !Collections.disjoint(administrators, identity.groups());
  }

  boolean isAuditor(Identity identity) {
    return !Collections.disjoint(auditors, identity.groups());
  }
}
