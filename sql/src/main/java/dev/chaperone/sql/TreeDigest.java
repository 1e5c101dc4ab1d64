package dev.chaperone.sql;

import dev.chaperone.sql.tree.Node;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * The digest of a parse tree without the positions in its text: two texts of the same digest are
 * the same statement, however they are written. Recurses as deeply as the tree is.
 */
final class TreeDigest {
  private final MessageDigest digest;

  private TreeDigest(MessageDigest digest) {
    this.digest = digest;
  }

  /** SHA-256, in hexadecimal. */
  static String of(Node tree) {
    try {
      var made = new TreeDigest(MessageDigest.getInstance("SHA-256"));
      made.add(tree);
      return HexFormat.of().formatHex(made.digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private void add(Object value) {
    switch (value) {
      case Node node -> {
        word("(" + node.type());
        node.fields()
            .forEach((name, field) -> {
              if (!name.endsWith("location")) {
                word(name);
                add(field);
              }
            });
        word(")");
      }
      case List<?> list -> {
        word("[");
        list.forEach(this::add);
        word("]");
      }
      default -> word(value.getClass().getSimpleName() + value);
    }
  }

  /** Its length stands before it, so that no two sequences of words are the same bytes. */
  private void word(String word) {
    var bytes = word.getBytes(StandardCharsets.UTF_8);
    digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
    digest.update(bytes);
  }
}
