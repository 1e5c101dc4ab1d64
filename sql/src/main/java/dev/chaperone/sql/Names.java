package dev.chaperone.sql;

import dev.chaperone.sql.tree.Node;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Names and constants as the parse tree holds them. */
final class Names {
  private Names() {}

  /** A name from its parts; with three the first, the database, is dropped. */
  static Name of(List<Node> parts) {
    var words = words(parts);
    if (words.isEmpty()) {
      return Name.of("?");
    }
    int last = words.size() - 1;
    return new Name(last == 0 ? null : words.get(last - 1), words.get(last));
  }

  /** The texts of String nodes. */
  static List<String> words(List<Node> nodes) {
    return nodes.stream().filter(node -> node.is("String")).map(node -> node.text("sval")).toList();
  }

  /** The text of a constant, also when it is cast; null when it is none, or the null constant. */
  static @Nullable String constant(@Nullable Node node) {
    if (node == null) {
      return null;
    }
    return switch (node.type()) {
      case "TypeCast" -> constant(node.node("arg"));
      case "A_Const" -> literal(node);
      case "String" -> node.text("sval");
      case "Integer" -> Long.toString(node.number("ival"));
      case "Float" -> node.text("fval");
      case "Boolean" -> Boolean.toString(node.flag("boolval"));
      default -> null;
    };
  }

  /** A constant that PostgreSQL reads as true. */
  static boolean isTrue(@Nullable Node node) {
    String text = constant(node);
    if (text == null || text.isEmpty()) {
      return false;
    }
    String word = text.toLowerCase(Locale.ROOT).strip();
    return "true".startsWith(word)
        || "yes".startsWith(word)
        || word.equals("on")
        || word.equals("1");
  }

  /** A constant that PostgreSQL reads as false. */
  static boolean isFalse(@Nullable Node node) {
    String text = constant(node);
    if (text == null || text.isEmpty()) {
      return false;
    }
    String word = text.toLowerCase(Locale.ROOT).strip();
    return "false".startsWith(word)
        || "no".startsWith(word)
        || (word.length() > 1 && "off".startsWith(word))
        || word.equals("0");
  }

  private static @Nullable String literal(Node constant) {
    for (String field : List.of("sval", "ival", "fval", "boolval", "bsval")) {
      Node value = constant.node(field);
      if (value != null) {
        return field.equals("bsval") ? value.text("bsval") : constant(value);
      }
    }
    return null;
  }
}
