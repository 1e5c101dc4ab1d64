package dev.chaperone.journal.note;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.jspecify.annotations.Nullable;

/**
 * The public half of a log's key: {@code <name>+<key id>+<base64(0x01 ‖ public key)>} (the form of
 * Go's {@code sumdb/note}; key id by C2SP signed-note). Immutable.
 */
public final class VerifierKey {
  static final byte ED25519 = 1;
  static final int KEY_BYTES = 32;

  private final String name;
  private final byte[] publicKey;
  private final int id;

  VerifierKey(String name, byte[] publicKey) {
    this.name = Origin.check(name);
    this.publicKey = publicKey.clone();
    this.id = id(name, publicKey);
  }

  /**
   * Reads the text form; a newline at its end is allowed.
   *
   * @throws IllegalArgumentException if it is not one, or its key id is not that of the key
   */
  public static VerifierKey parse(String text) {
    String line = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    String[] parts = line.split("\\+", 3);
    if (parts.length != 3) {
      throw new IllegalArgumentException("a public key reads <name>+<key id>+<base64>");
    }
    VerifierKey key = new VerifierKey(parts[0], decode(parts[2]));
    if (!parts[1].equals(key.idText())) {
      throw new IllegalArgumentException(
          "the public key's id reads " + printable(parts[1]) + ", but is " + key.idText());
    }
    return key;
  }

  static byte[] decode(String base64) {
    byte[] decoded = Base64.getDecoder().decode(base64);
    if (decoded.length != 1 + KEY_BYTES || decoded[0] != ED25519) {
      throw new IllegalArgumentException("not an Ed25519 key: 0x01 and 32 bytes are expected");
    }
    // One key has one text: base64 with loose trailing bits would give it several.
    if (!Base64.getEncoder().encodeToString(decoded).equals(base64)) {
      throw new IllegalArgumentException("the key's base64 is not in its canonical form");
    }
    return Arrays.copyOfRange(decoded, 1, decoded.length);
  }

  static String printable(String text) {
    return text.length() <= 16 && text.chars().allMatch(c -> c > 0x20 && c < 0x7f)
        ? text
        : "something else";
  }

  private static int id(String name, byte[] publicKey) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(name.getBytes(StandardCharsets.UTF_8));
      sha.update((byte) '\n');
      sha.update(ED25519);
      return ByteBuffer.wrap(sha.digest(publicKey)).getInt();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  public String name() {
    return name;
  }

  /** The key id, the first four bytes of a digest over name and key. */
  public int id() {
    return id;
  }

  String idText() {
    return HexFormat.of().toHexDigits(id);
  }

  boolean verifies(byte[] text, byte[] signature) {
    Ed25519Signer verifier = new Ed25519Signer();
    verifier.init(false, new Ed25519PublicKeyParameters(publicKey));
    verifier.update(text, 0, text.length);
    return verifier.verifySignature(signature);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof VerifierKey that
        && name.equals(that.name)
        && Arrays.equals(publicKey, that.publicKey);
  }

  @Override
  public int hashCode() {
    return id;
  }

  /** The text form, without a newline. */
  @Override
  public String toString() {
    byte[] typed = ByteBuffer.allocate(1 + KEY_BYTES).put(ED25519).put(publicKey).array();
    return name + "+" + idText() + "+" + Base64.getEncoder().encodeToString(typed);
  }
}
