package dev.chaperone.identity.oidc;

import com.nimbusds.jose.jwk.JWK;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where an issuer's keys come from. Safe for many threads. */
interface KeySource {
  /**
   * The keys that such a token may be signed by; none when the issuer has no such key. May block
   * for a bounded time.
   *
   * @throws InvalidInputException when the issuer's keys cannot be had
   */
  List<JWK> candidates(@Nullable String keyId, TokenAlgorithm algorithm)
      throws InvalidInputException;
}
