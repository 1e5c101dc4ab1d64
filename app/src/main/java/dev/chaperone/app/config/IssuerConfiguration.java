package dev.chaperone.app.config;

import dev.chaperone.core.target.Secret;
import dev.chaperone.identity.oidc.IssuerSettings;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One issuer of tokens. Its expressions and its key file were checked when it was read.
 *
 * @param name how policies and records name it
 * @param issuer its address, exactly as tokens have it
 * @param jwks a file with its keys; null: OpenID Connect Discovery
 * @param audience what its tokens must be meant for
 * @param kind one of the words person, agent, service, or an expression over {@code claims}
 * @param groups an expression over {@code claims}; null: sign-in's own default
 * @param person an expression over {@code claims}; null: issuer and subject
 * @param client what the gateway is registered as there, if it is
 */
public record IssuerConfiguration(
    String name,
    String issuer,
    @Nullable Path jwks,
    String audience,
    String kind,
    @Nullable String groups,
    @Nullable String person,
    @Nullable Client client) {

  /** The same as sign-in takes it. */
  public IssuerSettings settings() {
    return new IssuerSettings(name, issuer, audience, jwks, kind, groups, person);
  }

  /** The audience of tokens for the gateway unless the configuration says otherwise. */
  public static final String DEFAULT_AUDIENCE = "chaperone";

  /**
   * The gateway's own registration at the issuer.
   *
   * @param id {@code client_id}
   * @param secret {@code client_secret}; null for a public client
   */
  public record Client(String id, @Nullable Secret secret) {}
}
