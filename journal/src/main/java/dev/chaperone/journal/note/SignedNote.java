package dev.chaperone.journal.note;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * A text and the signatures under it (C2SP signed-note). Reading one checks its form alone; its
 * text means nothing before {@link #verify} said so.
 *
 * @param text ends with a newline
 */
public record SignedNote(String text, List<Signature> signatures) {
  /** The most bytes of a note that is read: 16 signatures of post-quantum size fit. */
  public static final int MAX_BYTES = 128 * 1024;

  static final String DASH = "\u2014 ";
  private static final int MAX_SIGNATURES = 64;

  /**
   * One signature line.
   *
   * @param name the key's name
   * @param keyId the key's id
   * @param encoded the signature as standard base64, key id included
   */
  public record Signature(String name, int keyId, String encoded) {
    byte[] bytes() {
      byte[] all = Base64.getDecoder().decode(encoded);
      return Arrays.copyOfRange(all, 4, all.length);
    }
  }

  /** What a key says about a note. */
  public enum Outcome {
    /** The key signed this text. */
    SIGNED,
    /** A signature is said to be this key's, and is not: text or signature were changed. */
    FORGED,
    /** No signature is said to be this key's. */
    UNSIGNED
  }

  public SignedNote {
    signatures = List.copyOf(signatures);
  }

  /**
   * Reads a note.
   *
   * @throws IllegalArgumentException if it has not the form of one; the message says what is wrong
   */
  public static SignedNote parse(byte[] bytes) {
    if (bytes.length > MAX_BYTES) {
      throw new IllegalArgumentException("a note has at most " + MAX_BYTES + " bytes");
    }
    String note = decode(bytes);
    int split = note.lastIndexOf("\n\n");
    if (split < 0 || !note.endsWith("\n") || split + 2 == note.length()) {
      throw new IllegalArgumentException("a note is a text, an empty line and signatures");
    }
    List<Signature> signatures = new ArrayList<>();
    for (String line : note.substring(split + 2, note.length() - 1).split("\n", -1)) {
      if (signatures.size() == MAX_SIGNATURES) {
        throw new IllegalArgumentException("a note has at most " + MAX_SIGNATURES + " signatures");
      }
      signatures.add(signature(line));
    }
    return new SignedNote(note.substring(0, split + 1), signatures);
  }

  private static String decode(byte[] bytes) {
    String note;
    try {
      note = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("a note is UTF-8", e);
    }
    if (note.chars().anyMatch(c -> c < 0x20 && c != '\n')) {
      throw new IllegalArgumentException("a note has no control character but the newline");
    }
    return note;
  }

  private static Signature signature(String line) {
    int space = line.lastIndexOf(' ');
    if (!line.startsWith(DASH) || space < DASH.length()) {
      throw new IllegalArgumentException("a signature line reads: dash, key name, base64");
    }
    String name = Origin.check(line.substring(DASH.length(), space));
    String encoded = line.substring(space + 1);
    byte[] decoded = Base64.getDecoder().decode(encoded);
    if (decoded.length < 5) {
      throw new IllegalArgumentException("a signature has a key id and more");
    }
    if (!Base64.getEncoder().encodeToString(decoded).equals(encoded)) {
      throw new IllegalArgumentException("a signature's base64 is not in its canonical form");
    }
    return new Signature(name, ByteBuffer.wrap(decoded).getInt(), encoded);
  }

  /** Whether {@code key} signed this note. Signatures of other keys are ignored. */
  public Outcome verify(VerifierKey key) {
    byte[] message = text.getBytes(StandardCharsets.UTF_8);
    Outcome outcome = Outcome.UNSIGNED;
    for (Signature signature : signatures) {
      if (signature.name().equals(key.name()) && signature.keyId() == key.id()) {
        if (!key.verifies(message, signature.bytes())) {
          return Outcome.FORGED;
        }
        outcome = Outcome.SIGNED;
      }
    }
    return outcome;
  }
}
