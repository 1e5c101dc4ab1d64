package dev.chaperone.core.identity;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Who acts, as an issuer says it. Never taken from what a client merely claims on the wire.
 *
 * @param issuer the configured name of the issuer, not its address
 * @param subject the issuer's stable identifier ({@code sub}, or {@code act.sub} for a delegated
 *     agent)
 * @param kind person, agent or service
 * @param name a display name, if the issuer gives one
 * @param email an address, if the issuer gives one
 * @param groups the actor's own groups
 * @param claims the token's claims as JSON values, for conditions; never recorded whole
 * @param personKey the key by which the same person is recognised over all issuers
 * @param onBehalfOf the person that an agent acts for; that person's groups stand here alone
 * @param credential what the identity was proved by
 */
public record Identity(
    String issuer,
    String subject,
    Kind kind,
    @Nullable String name,
    @Nullable String email,
    List<String> groups,
    Map<String, Object> claims,
    String personKey,
    @Nullable Identity onBehalfOf,
    Credential credential) {

  /** What acts. */
  public enum Kind {
    PERSON,
    AGENT,
    SERVICE;

    /** The word that policies, entries and the API use. */
    public String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /**
   * How the identity was proved; holds no secret.
   *
   * @param keyId the issuer's key that signed the token
   * @param digest SHA-256 of the token, lower-case hexadecimal
   * @param issued when the token was issued
   * @param expires when the token ends
   * @param authenticated when the person last signed in ({@code auth_time}, else {@code iat})
   */
  public record Credential(
      String keyId, String digest, Instant issued, Instant expires, Instant authenticated) {}

  public Identity {
    groups = List.copyOf(groups);
    claims = Map.copyOf(claims);
  }

  /** Every person key that counts as "who asked": the actor's own and that of whom it acts for. */
  public Set<String> askers() {
    var askers = new TreeSet<String>();
    for (var one = this; one != null; one = one.onBehalfOf()) {
      askers.add(one.personKey());
    }
    return askers;
  }

  /** For people: the subject at its issuer, and on whose behalf. Holds no claims. */
  @Override
  public String toString() {
    var who = subject + "@" + issuer;
    return onBehalfOf == null ? who : who + " for " + onBehalfOf;
  }
}
