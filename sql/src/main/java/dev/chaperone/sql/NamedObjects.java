package dev.chaperone.sql;

import dev.chaperone.sql.tree.Node;
import java.util.ArrayList;
import java.util.List;

/** Relations that definitions name by a list of words instead of a RangeVar. */
final class NamedObjects {
  private NamedObjects() {}

  /**
   * The relations that DROP, COMMENT, SECURITY LABEL, ALTER … OWNER and ALTER EXTENSION … ADD name.
   */
  static List<Name> relations(Node statement) {
    return switch (statement.type()) {
      case "DropStmt" -> all(statement.text("removeType"), statement.nodes("objects"));
      case "CommentStmt", "SecLabelStmt", "AlterExtensionContentsStmt" ->
          all(statement.text("objtype"), statement.nodes("object"));
      case "AlterOwnerStmt", "AlterObjectDependsStmt" ->
          all(statement.text("objectType"), statement.nodes("object"));
      default -> List.of();
    };
  }

  private static List<Name> all(String kind, List<Node> objects) {
    var names = new ArrayList<Name>();
    for (Node object : objects) {
      var parts = object.is("List") ? object.nodes("items") : List.of(object);
      int more =
          switch (kind) {
            case "OBJECT_TABLE",
                "OBJECT_VIEW",
                "OBJECT_MATVIEW",
                "OBJECT_FOREIGN_TABLE",
                "OBJECT_SEQUENCE",
                "OBJECT_INDEX" ->
                0;
            // The last word is what belongs to the relation.
            case "OBJECT_COLUMN",
                "OBJECT_TRIGGER",
                "OBJECT_RULE",
                "OBJECT_POLICY",
                "OBJECT_TABCONSTRAINT" ->
                1;
            default -> parts.size();
          };
      if (Names.words(parts).size() > more) {
        names.add(Names.of(parts.subList(0, parts.size() - more)));
      }
    }
    return names;
  }
}
