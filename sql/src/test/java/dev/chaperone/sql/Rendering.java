package dev.chaperone.sql;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A reading in words, one line a statement, as the corpus has it: tag, effects, then what else is
 * there. Operators and types of pg_catalog are left out.
 */
final class Rendering {
  private Rendering() {}

  static List<String> of(Reading reading) {
    return switch (reading) {
      case Reading.Understood understood ->
          understood.statements().isEmpty()
              ? List.of("nothing")
              : understood.statements().stream().map(Rendering::of).toList();
      case Reading.SyntaxError error ->
          List.of("error at " + error.position() + ": " + error.message());
      case Reading.Unreadable unreadable -> List.of("unreadable: " + unreadable.why());
    };
  }

  static String of(Statement statement) {
    var parts = new ArrayList<String>();
    parts.add(statement.tag() + ": " + effects(statement.effects()));
    add(parts, "relations", statement.relations());
    add(
        parts,
        "functions",
        statement.functions().stream()
            .map(use ->
                use.name()
                    + "/"
                    + use.arguments()
                    + (use.effects().isEmpty() ? "" : " " + effects(use.effects())))
            .toList());
    add(
        parts,
        "operators",
        statement.operators().stream()
            .filter(use -> !use.builtIn())
            .map(OperatorUse::name)
            .toList());
    add(
        parts,
        "types",
        statement.types().stream().filter(type -> !"pg_catalog".equals(type.schema())).toList());
    add(parts, "attributes", statement.attributes());
    add(parts, "settings", statement.settings().stream().map(Rendering::of).toList());
    if (statement.reachesUnknown()) {
      parts.add("reaches unknown");
    }
    if (!(statement.kind() instanceof StatementKind.Plain)) {
      parts.add(of(statement.kind()));
    }
    return String.join("; ", parts);
  }

  private static String of(SettingChange change) {
    return (change.name() == null ? "?" : change.name())
        + (change.reset() ? " reset" : "=" + (change.value() == null ? "?" : change.value()))
        + (change.local() ? " local" : "");
  }

  private static String of(StatementKind kind) {
    return switch (kind) {
      case StatementKind.Prepare prepare ->
          "Prepare " + prepare.name() + " {" + of(prepare.inner()) + "}";
      case StatementKind.Explain explain ->
          "Explain " + explain.analyze() + " {" + of(explain.inner()) + "}";
      case StatementKind.DeclareCursor cursor ->
          "DeclareCursor " + cursor.name() + (cursor.holdable() ? " hold" : "");
      case StatementKind.Copy copy ->
          "Copy[toServer="
              + copy.toServer()
              + ", end="
              + copy.end()
              + ", relation="
              + copy.relation()
              + ", columns="
              + copy.columns()
              + "]"
              + copy.options().stream()
                  .map(option -> " " + option.name() + "=" + option.value())
                  .collect(Collectors.joining());
      default -> kind.toString();
    };
  }

  private static String effects(Collection<Effect> effects) {
    return effects.stream()
        .sorted()
        .map(effect -> effect.name().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(" "));
  }

  private static void add(List<String> parts, String what, Collection<?> values) {
    if (!values.isEmpty()) {
      parts.add(
          what + " " + values.stream().map(Object::toString).collect(Collectors.joining(", ")));
    }
  }
}
