package dev.chaperone.journal.note;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;

/**
 * The private half of a log's key: {@code PRIVATE+KEY+<name>+<key id>+<base64(0x01 ‖ seed)>} (the
 * form of Go's {@code sumdb/note}). Immutable; {@link #toString()} does not tell the secret.
 */
public final class SigningKey {
  private static final String PREFIX = "PRIVATE+KEY+";

  private final Ed25519PrivateKeyParameters seed;
  private final VerifierKey verifierKey;

  private SigningKey(String name, byte[] seed) {
    this.seed = new Ed25519PrivateKeyParameters(seed);
    this.verifierKey = new VerifierKey(name, this.seed.generatePublicKey().getEncoded());
  }

  /** A new key for the log {@code name}. */
  public static SigningKey generate(String name) {
    byte[] seed = new byte[VerifierKey.KEY_BYTES];
    new SecureRandom().nextBytes(seed);
    return new SigningKey(name, seed);
  }

  /**
   * Reads the text form; a newline at its end is allowed.
   *
   * @throws IllegalArgumentException if it is not one; the message does not quote it
   */
  public static SigningKey parse(String text) {
    String line = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    String[] parts =
        line.startsWith(PREFIX) ? line.substring(PREFIX.length()).split("\\+", 3) : new String[0];
    if (parts.length != 3) {
      throw new IllegalArgumentException(
          "a private key reads PRIVATE+KEY+<name>+<key id>+<base64>");
    }
    SigningKey key = new SigningKey(parts[0], decode(parts[2]));
    if (!parts[1].equals(key.verifierKey.idText())) {
      throw new IllegalArgumentException("the private key's id is not that of its key");
    }
    return key;
  }

  private static byte[] decode(String base64) {
    try {
      return VerifierKey.decode(base64);
    } catch (IllegalArgumentException e) {
      // Without the cause: the decoder's message quotes characters of the secret.
      throw new IllegalArgumentException("the private key is not base64 of 0x01 and 32 bytes");
    }
  }

  public VerifierKey verifierKey() {
    return verifierKey;
  }

  /** The text form, a secret, without a newline. */
  String secretText() {
    byte[] typed =
        ByteBuffer.allocate(1 + VerifierKey.KEY_BYTES)
            .put(VerifierKey.ED25519)
            .put(seed.getEncoded())
            .array();
    return PREFIX
        + verifierKey.name()
        + "+"
        + verifierKey.idText()
        + "+"
        + Base64.getEncoder().encodeToString(typed);
  }

  /** The line that signs {@code text} (C2SP signed-note), with its newline. */
  public String signatureLine(String text) {
    byte[] message = text.getBytes(StandardCharsets.UTF_8);
    Ed25519Signer signer = new Ed25519Signer();
    signer.init(true, seed);
    signer.update(message, 0, message.length);
    byte[] signature = signer.generateSignature();
    byte[] typed =
        ByteBuffer.allocate(4 + signature.length).putInt(verifierKey.id()).put(signature).array();
    return SignedNote.DASH
        + verifierKey.name()
        + " "
        + Base64.getEncoder().encodeToString(typed)
        + "\n";
  }

  @Override
  public String toString() {
    return "SigningKey[" + verifierKey + "]";
  }
}
