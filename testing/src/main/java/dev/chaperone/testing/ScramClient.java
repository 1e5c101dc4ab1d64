package dev.chaperone.testing;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/** The client's side of SCRAM-SHA-256 without channel binding (RFC 5802, RFC 7677). */
final class ScramClient {
  static final String MECHANISM = "SCRAM-SHA-256";

  private static final String NO_BINDING = "n,,";

  private final String password;
  private final String firstBare;
  private String expectedSignature = "";

  ScramClient(String password) {
    this.password = password;
    var nonce = new BigInteger(130, new SecureRandom()).toString(36);
    this.firstBare = "n=,r=" + nonce;
  }

  byte[] first() {
    return ascii(NO_BINDING + firstBare);
  }

  /** Answers the server's first message. */
  byte[] last(byte[] serverFirst) {
    var server = new String(serverFirst, StandardCharsets.US_ASCII);
    var parts = server.split(",", 3);
    var salt = Base64.getDecoder().decode(parts[1].substring(2));
    int iterations = Integer.parseInt(parts[2].substring(2));
    try {
      var spec = new PBEKeySpec(password.toCharArray(), salt, iterations, 256);
      var salted =
          SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
      var clientKey = hmac(salted, "Client Key");
      var storedKey = MessageDigest.getInstance("SHA-256").digest(clientKey);
      var binding = Base64.getEncoder().encodeToString(ascii(NO_BINDING));
      var withoutProof = "c=" + binding + "," + parts[0];
      var signed = firstBare + "," + server + "," + withoutProof;
      var proof = new BigInteger(1, clientKey).xor(new BigInteger(1, hmac(storedKey, signed)));
      var signature = hmac(hmac(salted, "Server Key"), signed);
      expectedSignature = "v=" + Base64.getEncoder().encodeToString(signature);
      return ascii(withoutProof + ",p=" + Base64.getEncoder().encodeToString(fixed(proof)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether the server knows the password too. */
  boolean accepts(byte[] serverFinal) {
    return MessageDigest.isEqual(ascii(expectedSignature), serverFinal);
  }

  private static byte[] fixed(BigInteger proof) {
    var bytes = new byte[32];
    var unsigned = proof.toByteArray();
    int length = Math.min(unsigned.length, bytes.length);
    System.arraycopy(unsigned, unsigned.length - length, bytes, bytes.length - length, length);
    return bytes;
  }

  private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, mac.getAlgorithm()));
    return mac.doFinal(ascii(text));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
