package dev.chaperone.journal.note;

import dev.chaperone.journal.merkle.Hash;
import dev.chaperone.journal.merkle.TilePath;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * What a log says of itself: so many entries, with this root (C2SP tlog-checkpoint).
 *
 * @param origin the log's name
 * @param size the number of entries
 * @param root the root of their Merkle tree
 */
public record Checkpoint(String origin, long size, Hash root) {

  /**
   * Reads the text of a checkpoint's note.
   *
   * @throws IllegalArgumentException if it is not one; the message says what is wrong
   */
  public static Checkpoint parse(String text) {
    String[] lines = text.split("\n", -1);
    if (lines.length < 4 || !lines[lines.length - 1].isEmpty()) {
      throw new IllegalArgumentException("a checkpoint has the lines origin, size and root");
    }
    for (int i = 0; i < lines.length - 1; i++) {
      if (lines[i].isEmpty()) {
        throw new IllegalArgumentException("line " + (i + 1) + " of the checkpoint is empty");
      }
    }
    return new Checkpoint(lines[0], size(lines[1]), root(lines[2]));
  }

  private static long size(String line) {
    boolean digits =
        !line.isEmpty() && line.length() <= 19 && line.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!digits || (line.length() > 1 && line.startsWith("0"))) {
      throw new IllegalArgumentException("line 2 of the checkpoint, its size, is no number");
    }
    long size = line.length() == 19 ? Long.MAX_VALUE : Long.parseLong(line);
    if (size > TilePath.MAX_ENTRIES) {
      throw new IllegalArgumentException("line 2 of the checkpoint, its size, is too large");
    }
    return size;
  }

  private static Hash root(String line) {
    byte[] root = Base64.getDecoder().decode(line);
    if (root.length != Hash.BYTES || !Base64.getEncoder().encodeToString(root).equals(line)) {
      throw new IllegalArgumentException("line 3 of the checkpoint, its root, is no hash");
    }
    return Hash.of(root);
  }

  /** The text that is signed. */
  public String text() {
    return origin + "\n" + size + "\n" + root.base64() + "\n";
  }

  /** The signed note, in UTF-8. */
  public byte[] signedBy(SigningKey key) {
    return (text() + "\n" + key.signatureLine(text())).getBytes(StandardCharsets.UTF_8);
  }
}
