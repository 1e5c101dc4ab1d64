package dev.chaperone.identity.oidc;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyType;
import com.nimbusds.jose.jwk.KeyUse;
import java.text.ParseException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one JWKS document (RFC 7517) that can check signatures. Others (for encryption, of
 * unknown types, symmetric, revoked, malformed) are left out, so that one of them does not lock
 * everybody out.
 */
final class PublicKeys {
  /** The longest JWKS document that is read, in bytes. */
  static final int MAX_BYTES = 1 << 20;

  private static final int MAX_KEYS = 200;

  private final List<JWK> keys;

  private PublicKeys(List<JWK> keys) {
    this.keys = keys;
  }

  /** Reads a JWKS document; one without a single usable key is an error. */
  static PublicKeys parse(byte[] json) throws InvalidInputException {
    var document = StrictJson.object(json, "the key document");
    if (!(document.get("keys") instanceof List<?> entries)) {
      throw new InvalidInputException("the key document has no list named keys");
    }
    if (entries.size() > MAX_KEYS) {
      throw new InvalidInputException("the key document has more than " + MAX_KEYS + " keys");
    }
    var keys = new ArrayList<JWK>();
    for (var entry : entries) {
      if (entry instanceof Map<?, ?> members) {
        usable(members).ifPresent(keys::add);
      }
    }
    if (keys.isEmpty()) {
      throw new InvalidInputException("the key document has no key that can check signatures");
    }
    return new PublicKeys(List.copyOf(keys));
  }

  private static Optional<JWK> usable(Map<?, ?> members) {
    var named = new LinkedHashMap<String, Object>();
    members.forEach((name, value) -> named.put(String.valueOf(name), value));
    try {
      var key = JWK.parse(named).toPublicJWK();
      return key != null && isForSignatures(key) ? Optional.of(key) : Optional.empty();
    } catch (ParseException | IllegalArgumentException | IllegalStateException e) {
      return Optional.empty();
    }
  }

  private static boolean isForSignatures(JWK key) {
    var operations = key.getKeyOperations();
    return !key.getKeyType().equals(KeyType.OCT)
        && (key.getKeyUse() == null || key.getKeyUse().equals(KeyUse.SIGNATURE))
        && (operations == null || operations.contains(KeyOperation.VERIFY))
        && key.getKeyRevocation() == null;
  }

  /** How many keys there are. */
  int size() {
    return keys.size();
  }

  /**
   * The keys that a token with this key id and algorithm may be signed by, now. A token without a
   * key id is signed by the one key that fits, if there is exactly one.
   */
  List<JWK> candidates(@Nullable String keyId, TokenAlgorithm algorithm, Instant now) {
    var fitting = keys.stream().filter(algorithm::fits).filter(key -> isValid(key, now)).toList();
    if (keyId == null) {
      return fitting.size() == 1 ? fitting : List.of();
    }
    return fitting.stream().filter(key -> keyId.equals(key.getKeyID())).toList();
  }

  private static boolean isValid(JWK key, Instant now) {
    var ends = key.getExpirationTime();
    var begins = key.getNotBeforeTime();
    return (ends == null || ends.toInstant().isAfter(now))
        && (begins == null || !begins.toInstant().isAfter(now));
  }
}
