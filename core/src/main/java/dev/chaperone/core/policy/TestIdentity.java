package dev.chaperone.core.policy;

import dev.chaperone.core.identity.Identity;
import dev.chaperone.core.yaml.ConfigurationException;
import dev.chaperone.core.yaml.YamlMap;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Identities that are assumed, not proven: for policy tests and trials alone. */
public final class TestIdentity {
  private TestIdentity() {}

  /**
   * Who a policy's test says asks: the keys issuer, subject, kind, name, email, groups, claims and
   * onBehalfOf. What is left out is empty; the issuer is then {@code test}, the subject the kind.
   */
  public static Identity read(YamlMap map) throws ConfigurationException {
    return PolicyTestReader.identity(map);
  }

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
