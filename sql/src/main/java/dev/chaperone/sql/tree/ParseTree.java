package dev.chaperone.sql.tree;

import java.util.List;

/**
 * A text's statements.
 *
 * @param statements the {@code RawStmt} nodes in order
 * @param familiar whether all of the tree is as the grammar is known; what is not known was left
 *     out
 */
public record ParseTree(List<Node> statements, boolean familiar) {
  public ParseTree {
    statements = List.copyOf(statements);
  }
}
