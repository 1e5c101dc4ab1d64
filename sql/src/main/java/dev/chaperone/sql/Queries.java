package dev.chaperone.sql;

import dev.chaperone.sql.tree.Node;
import java.util.Set;

/** The statements that read and change rows, and the names that their WITH clauses declare. */
final class Queries {
  private static final Set<String> HANDLED = Set.of("withClause", "relation");

  private final Findings findings;
  private final Walker walker;

  Queries(Findings findings, Walker walker) {
    this.findings = findings;
    this.walker = walker;
  }

  /** Whether a SELECT, or the leftmost of a UNION's, has an INTO: then it returns no rows. */
  static boolean makesTable(Node select) {
    for (Node left = select; left != null; left = left.node("larg")) {
      if (left.has("intoClause")) {
        return true;
      }
    }
    return false;
  }

  /** Notes what a query does; false when it is none. */
  boolean read(Node node, Scope outer) {
    switch (node.type()) {
      case "SelectStmt" -> {
        var scope = declare(node, outer.query());
        walker.childrenExcept(node, scope, HANDLED);
      }
      case "InsertStmt", "UpdateStmt" -> change(node, outer, Effect.WRITE);
      case "DeleteStmt" -> change(node, outer, Effect.DELETE);
      case "MergeStmt" -> {
        change(node, outer, Effect.WRITE);
        for (Node when : node.nodes("mergeWhenClauses")) {
          if (when.text("commandType").equals("CMD_DELETE")) {
            findings.effect(Effect.DELETE);
          }
        }
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  /** SELECT INTO and CREATE TABLE AS. */
  void into(Node into, Scope scope) {
    findings.effect(Effect.SCHEMA);
    if (!into.flag("skipData")) {
      findings.effect(Effect.WRITE);
    }
    for (Node made : into.nodes("rel")) {
      findings.relation(Findings.name(made));
    }
    walker.childrenExcept(into, scope, Set.of("rel"));
  }

  private void change(Node node, Scope outer, Effect effect) {
    findings.effect(effect);
    // The target is never a common table expression, whatever its name.
    for (Node target : node.nodes("relation")) {
      findings.target(Findings.name(target));
    }
    if (node.has("returningClause")) {
      findings.effect(Effect.READ);
    }
    walker.childrenExcept(node, declare(node, outer.query()), HANDLED);
  }

  /**
   * Walks a WITH clause. A name is seen by what follows it, with RECURSIVE by the whole clause; so
   * in {@code WITH t AS (SELECT * FROM t)} the inner t is a relation.
   */
  private Scope declare(Node statement, Scope outer) {
    var with = statement.node("withClause");
    if (with == null) {
      return outer;
    }
    var expressions = with.nodes("ctes");
    var scope = outer.inner();
    if (with.flag("recursive")) {
      expressions.forEach(expression -> scope.declare(expression.text("ctename")));
      walker.walk(expressions, scope);
      return scope;
    }
    for (Node expression : expressions) {
      walker.walk(expression, scope);
      scope.declare(expression.text("ctename"));
    }
    return scope;
  }
}
