package dev.chaperone.core.policy;

import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import java.util.List;

/** The table of variables in docs/guides/policy.md, made from their declarations. */
public final class VariableTable {
  private VariableTable() {}

  /** A Markdown table: variable, type, meaning; every line ends with a line feed. */
  public static String markdown() {
    var table = new StringBuilder("| variable | type | is |\n|---|---|---|\n");
    for (var variable : Variables.ROOT.fields()) {
      row(table, variable.name(), variable.type(), variable.meaning());
      fields(table, variable.name(), variable.type());
    }
    return table.toString();
  }

  private static void fields(StringBuilder table, String prefix, CelType type) {
    for (var field : struct(type)) {
      var name = prefix + "." + field.name();
      row(table, name, field.type(), field.meaning());
      // An identity holds another of its own kind: once is enough.
      if (!field.type().equals(type) && field.type() instanceof ListType list) {
        fields(table, name + "[i]", list.elemType());
      }
    }
  }

  private static List<? extends Struct.Field<?>> struct(CelType type) {
    return Variables.STRUCTS.stream()
        .filter(struct -> struct.typeName().equals(type.name()))
        .findFirst()
        .map(Struct::fields)
        .orElse(List.of());
  }

  private static void row(StringBuilder table, String name, CelType type, String meaning) {
    table
        .append("| `")
        .append(name)
        .append("` | ")
        .append(word(type))
        .append(" | ")
        .append(meaning)
        .append(" |\n");
  }

  private static String word(CelType type) {
    return switch (type) {
      case ListType list -> "list of " + word(list.elemType());
      case MapType map -> "map of " + word(map.keyType()) + " to " + word(map.valueType());
      case SimpleType simple when simple.equals(SimpleType.DYN) -> "any JSON value";
      case SimpleType simple when simple.equals(SimpleType.TIMESTAMP) -> "timestamp";
      case SimpleType simple -> simple.name();
      default -> type.name().substring(type.name().indexOf('.') + 1);
    };
  }
}
