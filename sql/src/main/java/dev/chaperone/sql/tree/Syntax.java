package dev.chaperone.sql.tree;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The node types of raw parse trees and the types of their fields, as {@code syntax.txt} lists
 * them. A tree that has more than this was made by a grammar that this code does not know.
 */
final class Syntax {
  /** The type of fields that hold a node of any type, which is printed around it. */
  static final String ANY = "Node";

  /** The type of fields that hold no node. */
  static final String PLAIN = "";

  private final Map<String, Map<String, String>> types;

  private Syntax(Map<String, Map<String, String>> types) {
    this.types = types;
  }

  static Syntax load() {
    var types = new HashMap<String, Map<String, String>>();
    lines().lines().filter(line -> !line.startsWith("#")).forEach(line -> read(line, types));
    return new Syntax(types);
  }

  /** The types of a node type's fields by name, or null when the node type is not known. */
  @Nullable Map<String, String> fields(String type) {
    return types.get(type);
  }

  private static void read(String line, Map<String, Map<String, String>> types) {
    var fields = new HashMap<String, String>();
    String type = null;
    for (String word : line.split(" ", -1)) {
      if (type == null) {
        type = word;
        types.put(word, fields);
      } else if (!word.isEmpty()) {
        int colon = word.indexOf(':');
        fields.put(
            colon < 0 ? word : word.substring(0, colon),
            colon < 0 ? PLAIN : word.substring(colon + 1));
      }
    }
  }

  private static String lines() {
    try (var in = Syntax.class.getResourceAsStream("syntax.txt")) {
      if (in == null) {
        throw new IllegalStateException("this library is incomplete: no syntax.txt");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read syntax.txt", e);
    }
  }
}
