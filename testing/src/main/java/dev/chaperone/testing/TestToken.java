package dev.chaperone.testing;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A token in the making: valid for ten minutes as it comes from {@link TestIssuer#token}, and
 * changed by what is called on it. A null value takes a claim or header away. Not safe for threads.
 */
public final class TestToken {
  private final SigningKey key;
  private final Map<String, Object> header = new LinkedHashMap<>();
  private final Map<String, Object> claims = new LinkedHashMap<>();

  TestToken(SigningKey key, String issuer, String subject, String audience) {
    this.key = key;
    header.put("alg", key.algorithm().getName());
    header.put("typ", "JWT");
    header.put("kid", key.jwk().getKeyID());
    var now = Instant.now();
    claims.put("iss", issuer);
    claims.put("sub", subject);
    claims.put("aud", audience);
    issued(now).expires(now.plus(Duration.ofMinutes(10)));
  }

  /** Any claim as a JSON value. */
  public TestToken claim(String name, @Nullable Object value) {
    return put(claims, name, value);
  }

  /** Any header parameter as a JSON value. */
  public TestToken header(String name, @Nullable Object value) {
    return put(header, name, value);
  }

  private TestToken put(Map<String, Object> into, String name, @Nullable Object value) {
    if (value == null) {
      into.remove(name);
    } else {
      into.put(name, value);
    }
    return this;
  }

  public TestToken audience(String... audiences) {
    return claim("aud", List.of(audiences));
  }

  /** The claim {@code groups}. */
  public TestToken groups(String... groups) {
    return claim("groups", List.of(groups));
  }

  public TestToken email(String email) {
    return claim("email", email);
  }

  /** {@code exp}, in whole seconds. */
  public TestToken expires(Instant when) {
    return claim("exp", when.getEpochSecond());
  }

  /** {@code iat}, in whole seconds. */
  public TestToken issued(Instant when) {
    return claim("iat", when.getEpochSecond());
  }

  /** {@code nbf}, in whole seconds. */
  public TestToken notBefore(Instant when) {
    return claim("nbf", when.getEpochSecond());
  }

  /** An actor (RFC 8693, 4.1) with claims of its own, such as groups or a further {@code act}. */
  public TestToken actor(String subject, Map<String, ?> more) {
    var actor = new LinkedHashMap<String, Object>();
    actor.put("sub", subject);
    actor.putAll(more);
    return claim("act", actor);
  }

  /** The stated intent, as a text. */
  public TestToken intent(String text) {
    return claim("chaperone_intent", text);
  }

  /** The compact JWS, signed by the issuer's key. */
  public String sign() {
    return signedBy(key);
  }

  /** The compact JWS, signed by any key with its own algorithm; the header stays as it is. */
  public String signedBy(SigningKey other) {
    return other.sign(headerJson(), claimsJson());
  }

  /** The header as JSON. */
  public String headerJson() {
    return JSONObjectUtils.toJSONString(header);
  }

  /** The claims as JSON. */
  public String claimsJson() {
    return JSONObjectUtils.toJSONString(claims);
  }
}
