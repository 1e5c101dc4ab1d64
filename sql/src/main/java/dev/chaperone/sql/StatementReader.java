package dev.chaperone.sql;

import dev.chaperone.sql.tree.Node;
import dev.chaperone.sql.tree.ParseTree;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/** Turns a text's parse tree into statements. Immutable; recurses deeply. */
final class StatementReader {
  private final Catalogues catalogues = Catalogues.load();

  /**
   * Reads all statements.
   *
   * @param text the UTF-8 that the tree was made of: positions in it count bytes
   */
  List<Statement> read(byte[] text, ParseTree tree) {
    var statements = new ArrayList<Statement>();
    for (Node raw : tree.statements()) {
      Node node = raw.node("stmt");
      if (node == null) {
        node = Node.empty("MissingStmt");
      }
      var statement = new Analysis(catalogues, text(text, raw)).statement(node);
      statements.add(tree.familiar() ? statement : doubtful(statement));
    }
    return statements;
  }

  private static String text(byte[] text, Node raw) {
    int from = (int) raw.number("stmt_location");
    int length = (int) raw.number("stmt_len");
    int to = length == 0 ? text.length : from + length;
    return new String(text, from, to - from, StandardCharsets.UTF_8).strip();
  }

  /** A part of the text's tree is not known, so what its statements do is not either. */
  private static Statement doubtful(Statement statement) {
    var effects = EnumSet.of(Effect.UNKNOWN);
    effects.addAll(statement.ownEffects());
    return new Statement(
        statement.kind(),
        statement.tag(),
        statement.text(),
        effects,
        statement.relations(),
        statement.functions(),
        statement.operators(),
        statement.types(),
        statement.attributes(),
        statement.settings(),
        true);
  }
}
