package dev.chaperone.sql.tree;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A node of a parse tree.
 *
 * @param type PostgreSQL's name for it, for example {@code SelectStmt}
 * @param fields by name, in the order of the struct; fields that are zero, false or empty are
 *     absent. A value is a {@link Node}, a {@link List} of nodes, a {@link String}, a {@link Long}
 *     or a {@link Boolean}
 */
public record Node(String type, Map<String, Object> fields) {
  /** A node without fields. */
  public static Node empty(String type) {
    return new Node(type, Map.of());
  }

  /** Whether it is of this type. */
  public boolean is(String name) {
    return type.equals(name);
  }

  /** Whether the field is there, which for numbers and truth values means: not zero, not false. */
  public boolean has(String field) {
    return fields.containsKey(field);
  }

  /** The node in a field, or null. */
  public @Nullable Node node(String field) {
    return fields.get(field) instanceof Node node ? node : null;
  }

  /** The nodes in a field: of a list those it holds, of a single node that one, otherwise none. */
  public List<Node> nodes(String field) {
    return switch (fields.get(field)) {
      case Node node -> List.of(node);
      case List<?> list -> list.stream().map(Node.class::cast).toList();
      case null, default -> List.of();
    };
  }

  /** The text or the enumeration's word in a field; empty when it is absent. */
  public String text(String field) {
    return fields.get(field) instanceof String text ? text : "";
  }

  /** The text in a field, or null. */
  public @Nullable String textOrNull(String field) {
    return fields.get(field) instanceof String text ? text : null;
  }

  /** The number in a field; 0 when it is absent. */
  public long number(String field) {
    return fields.get(field) instanceof Long number ? number : 0;
  }

  /** The truth value in a field; false when it is absent. */
  public boolean flag(String field) {
    return Boolean.TRUE.equals(fields.get(field));
  }
}
