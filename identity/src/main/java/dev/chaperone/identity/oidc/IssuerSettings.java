package dev.chaperone.identity.oidc;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One issuer as the configuration has it. What is wrong in it is found by {@link OidcSignIn}'s
 * constructor.
 *
 * @param name the issuer's name in policies and records
 * @param issuer its address, exactly as in the tokens' {@code iss}; https, or http on the loopback
 *     alone
 * @param audience what the tokens' {@code aud} must contain
 * @param jwks a file with its keys (RFC 7517), or null for OpenID Connect Discovery
 * @param kind {@code person}, {@code agent} or {@code service}, or a CEL expression over {@code
 *     claims} that gives one of these words for whoever acts
 * @param groups a CEL expression over {@code claims} that gives a list of strings, or one string
 *     for one group; a claim that is missing or null means no groups; null means {@link
 *     #DEFAULT_GROUPS}
 * @param person a CEL expression over {@code claims} that gives the key by which a person is the
 *     same over all issuers; when it fails the sign-in is refused; null means issuer and subject
 */
public record IssuerSettings(
    String name,
    String issuer,
    String audience,
    @Nullable Path jwks,
    String kind,
    @Nullable String groups,
    @Nullable String person) {

  /** Where the groups stand unless the configuration says otherwise. */
  public static final String DEFAULT_GROUPS = "claims.groups";
}
