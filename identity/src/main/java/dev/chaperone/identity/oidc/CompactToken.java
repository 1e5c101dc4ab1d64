package dev.chaperone.identity.oidc;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JWS in compact form (RFC 7515, 3.1), taken apart but not yet checked: nobody has vouched for
 * the claims. Takes three parts of canonical base64url and nothing around them.
 *
 * @param algorithm the header's {@code alg}
 * @param keyId the header's {@code kid}
 * @param claims the payload
 * @param signed what was signed, and the signature
 */
record CompactToken(
    TokenAlgorithm algorithm,
    @Nullable String keyId,
    Map<String, Object> claims,
    SignedBytes signed) {

  /** The longest token that is looked at, in characters (each is one byte). */
  static final int MAX_CHARACTERS = 16 * 1024;

  /**
   * Types that are taken, besides none at all: a plain JWT and an access token (RFC 9068). Others
   * (logout tokens, security events, DPoP proofs) are signed by the same keys but were never meant
   * to sign anybody in.
   */
  private static final Set<String> TYPES = Set.of("jwt", "at+jwt", "application/at+jwt");

  /** Takes a token apart; a token that is too long is not even looked at. */
  static CompactToken parse(String token) throws InvalidInputException {
    if (token.isEmpty()) {
      throw new InvalidInputException("no token was given");
    }
    if (token.length() > MAX_CHARACTERS) {
      throw new InvalidInputException("the token is longer than " + MAX_CHARACTERS + " characters");
    }
    int first = token.indexOf('.');
    int second = token.indexOf('.', first + 1);
    if (first < 0 || second < 0 || token.indexOf('.', second + 1) >= 0) {
      throw new InvalidInputException(
          "not a signed token in compact form: three parts are expected");
    }
    var header = StrictJson.object(decode(token.substring(0, first)), "the token's header");
    var algorithm = algorithm(header);
    var payload = decode(token.substring(first + 1, second));
    var claims = StrictJson.object(payload, "the token's payload");
    var signature = decode(token.substring(second + 1));
    var signed = token.substring(0, second).getBytes(StandardCharsets.US_ASCII);
    return new CompactToken(algorithm, keyId(header), claims, new SignedBytes(signed, signature));
  }

  private static TokenAlgorithm algorithm(Map<String, Object> header) throws InvalidInputException {
    if (header.containsKey("crit") || header.containsKey("b64") || header.containsKey("enc")) {
      throw new InvalidInputException("the token's header asks for extensions (crit, b64, enc)");
    }
    var type = header.get("typ");
    if (type != null
        && !(type instanceof String name && TYPES.contains(name.toLowerCase(Locale.ROOT)))) {
      throw new InvalidInputException("the token's type (typ) is neither JWT nor at+jwt");
    }
    return TokenAlgorithm.named(header.get("alg"));
  }

  private static @Nullable String keyId(Map<String, Object> header) throws InvalidInputException {
    return switch (header.get("kid")) {
      case null -> null;
      case String keyId -> keyId;
      default -> throw new InvalidInputException("the token's key id (kid) is not a string");
    };
  }

  private static byte[] decode(String part) throws InvalidInputException {
    try {
      var bytes = Base64.getUrlDecoder().decode(part);
      // Several texts decode to the same bytes; only one of them is taken.
      var again = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
      if (bytes.length > 0 && again.equals(part)) {
        return bytes;
      }
    } catch (IllegalArgumentException e) {
      // Falls through: the decoder's message quotes the text.
    }
    throw new InvalidInputException("a part of the token is not base64url");
  }
}
