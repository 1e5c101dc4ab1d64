package dev.chaperone.core.policy;

import dev.chaperone.core.identity.Identity;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Identities that are assumed, not proven: for policy tests and trials alone. */
public final class TestIdentity {
  private TestIdentity() {}

  /** An identity that nothing proves; its credential says so. */
  public static Identity of(
      String issuer,
      String subject,
      Identity.Kind kind,
      @Nullable String name,
      @Nullable String email,
      List<String> groups,
      Map<String, Object> claims,
      @Nullable Identity onBehalfOf) {
    var credential = new Identity.Credential("none", "", Instant.EPOCH, Instant.MAX, Instant.EPOCH);
    return new Identity(
        issuer,
        subject,
        kind,
        name,
        email,
        groups,
        claims,
        issuer + "/" + subject,
        onBehalfOf,
        credential);
  }
}
