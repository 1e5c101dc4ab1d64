package dev.chaperone.identity.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The signature algorithms that are taken (RFC 7518, RFC 8037, RFC 9864): public-key ones alone,
 * since whoever can check an HMAC can make one. Each fits one type of key and no other.
 */
enum TokenAlgorithm {
  RS256("RS256", null),
  RS384("RS384", null),
  RS512("RS512", null),
  PS256("PS256", null),
  PS384("PS384", null),
  PS512("PS512", null),
  ES256("ES256", "P-256"),
  ES384("ES384", "P-384"),
  ES512("ES512", "P-521"),
  ED25519("EdDSA", "Ed25519");

  private static final int MIN_RSA_BITS = 2_048;
  private static final int MAX_RSA_BITS = 8_192;

  /** SubjectPublicKeyInfo of an Ed25519 key, up to the key's own 32 bytes (RFC 8410). */
  private static final byte[] ED25519_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

  private final String word;
  private final @Nullable String curve;

  TokenAlgorithm(String word, @Nullable String curve) {
    this.word = word;
    this.curve = curve;
  }

  /** The algorithm that a header's {@code alg} names. */
  static TokenAlgorithm named(@Nullable Object alg) throws InvalidInputException {
    for (var one : values()) {
      if (alg instanceof String name && one.isNamed(name)) {
        return one;
      }
    }
    throw new InvalidInputException("the token's algorithm (alg) is none of those that are taken");
  }

  private boolean isNamed(String name) {
    return name.equals(word) || (this == ED25519 && name.equals("Ed25519"));
  }

  /** Whether this key may check such signatures: its type, size, curve and own {@code alg}. */
  boolean fits(JWK key) {
    if (key.getAlgorithm() != null && !isNamed(key.getAlgorithm().getName())) {
      return false;
    }
    return switch (key) {
      case RSAKey rsa -> curve == null && rsa.size() >= MIN_RSA_BITS && rsa.size() <= MAX_RSA_BITS;
      case ECKey ec -> ec.getCurve().getName().equals(curve);
      case OctetKeyPair pair -> pair.getCurve().getName().equals(curve);
      default -> false;
    };
  }

  /** Whether the key made the signature; a key or signature that makes no sense did not. */
  boolean verifies(JWK key, SignedBytes signed) {
    try {
      return switch (key) {
        case RSAKey rsa -> verifies(new RSASSAVerifier(rsa.toRSAPublicKey()), signed);
        case ECKey ec -> verifies(new ECDSAVerifier(ec.toECPublicKey()), signed);
        case OctetKeyPair pair -> verifiesEd25519(pair, signed);
        default -> false;
      };
    } catch (JOSEException | GeneralSecurityException e) {
      return false;
    }
  }

  private boolean verifies(JWSVerifier verifier, SignedBytes signed) throws JOSEException {
    return verifier.verify(
        new JWSHeader.Builder(JWSAlgorithm.parse(word)).build(),
        signed.content(),
        Base64URL.encode(signed.signature()));
  }

  /** By the JDK, since the library would need another one for it. */
  private static boolean verifiesEd25519(OctetKeyPair pair, SignedBytes signed)
      throws GeneralSecurityException {
    var encoded = new ByteArrayOutputStream();
    encoded.writeBytes(ED25519_PREFIX);
    encoded.writeBytes(pair.getX().decode());
    var key =
        KeyFactory.getInstance("Ed25519")
            .generatePublic(new X509EncodedKeySpec(encoded.toByteArray()));
    var signature = Signature.getInstance("Ed25519");
    signature.initVerify(key);
    signature.update(signed.content());
    return signature.verify(signed.signature());
  }
}
