package dev.chaperone.testing;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.impl.ECDSA;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A key of a test issuer. It signs whatever text it is given, also what no honest issuer would.
 *
 * @param jwk the public key as it stands in the JWKS
 * @param privateKey the private key
 * @param algorithm the JWS algorithm it signs with unless told otherwise
 */
public record SigningKey(JWK jwk, PrivateKey privateKey, JWSAlgorithm algorithm) {

  /** An RSA key for RS256. */
  public static SigningKey rsa(String keyId, int bits) {
    var pair = generate("RSA", new RSAKeyGenParameterSpec(bits, RSAKeyGenParameterSpec.F4));
    var jwk = new RSAKey.Builder((RSAPublicKey) pair.getPublic()).keyID(keyId);
    return new SigningKey(
        jwk.keyUse(KeyUse.SIGNATURE).build(), pair.getPrivate(), JWSAlgorithm.RS256);
  }

  /** A P-256 key for ES256. */
  public static SigningKey ec(String keyId) {
    var pair = generate("EC", new ECGenParameterSpec("secp256r1"));
    var jwk = new ECKey.Builder(Curve.P_256, (ECPublicKey) pair.getPublic()).keyID(keyId);
    return new SigningKey(
        jwk.keyUse(KeyUse.SIGNATURE).build(), pair.getPrivate(), JWSAlgorithm.ES256);
  }

  /** An Ed25519 key for EdDSA. */
  public static SigningKey ed25519(String keyId) {
    var pair = generate("Ed25519", null);
    // The last 32 bytes of the encoding are the key as RFC 8032 has it.
    var encoded = ((EdECPublicKey) pair.getPublic()).getEncoded();
    var x = Base64URL.encode(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
    var jwk = new OctetKeyPair.Builder(Curve.Ed25519, x).keyID(keyId);
    return new SigningKey(
        jwk.keyUse(KeyUse.SIGNATURE).build(), pair.getPrivate(), JWSAlgorithm.EdDSA);
  }

  private static KeyPair generate(String type, @Nullable AlgorithmParameterSpec parameters) {
    try {
      var generator = KeyPairGenerator.getInstance(type);
      if (parameters != null) {
        generator.initialize(parameters);
      }
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Signs with the key's own algorithm. */
  public String sign(String header, String payload) {
    return sign(header, payload, algorithm);
  }

  /** A compact JWS of these JSON texts, as they are, whatever the header says. */
  public String sign(String header, String payload, JWSAlgorithm by) {
    var signed = encode(header) + "." + encode(payload);
    return signed + "." + Base64URL.encode(signature(signed, by));
  }

  private static String encode(String json) {
    return Base64URL.encode(json.getBytes(StandardCharsets.UTF_8)).toString();
  }

  private byte[] signature(String signed, JWSAlgorithm by) {
    try {
      var signature = Signature.getInstance(javaName(by));
      if (JWSAlgorithm.Family.RSA.contains(by) && by.getName().startsWith("PS")) {
        int bits = Integer.parseInt(by.getName().substring(2));
        var digest = "SHA-" + bits;
        signature.setParameter(
            new PSSParameterSpec(digest, "MGF1", new MGF1ParameterSpec(digest), bits / 8, 1));
      }
      signature.initSign(privateKey);
      signature.update(signed.getBytes(StandardCharsets.US_ASCII));
      var bytes = signature.sign();
      return JWSAlgorithm.Family.EC.contains(by)
          ? ECDSA.transcodeSignatureToConcat(bytes, ECDSA.getSignatureByteArrayLength(by))
          : bytes;
    } catch (GeneralSecurityException | JOSEException e) {
      throw new IllegalStateException(by + " does not fit the key", e);
    }
  }

  private static String javaName(JWSAlgorithm algorithm) {
    var name = algorithm.getName();
    return switch (name.substring(0, 2)) {
      case "RS" -> "SHA" + name.substring(2) + "withRSA";
      case "PS" -> "RSASSA-PSS";
      case "ES" -> "SHA" + name.substring(2) + "withECDSA";
      case "Ed" -> "Ed25519";
      default -> throw new IllegalArgumentException(name);
    };
  }
}
