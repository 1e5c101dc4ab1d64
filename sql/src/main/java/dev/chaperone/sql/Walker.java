package dev.chaperone.sql;

import dev.chaperone.sql.tree.Node;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Walks through a parse tree, every node at every depth, and notes what it finds. Recurses as
 * deeply as the tree is.
 *
 * <p>Nodes without a meaning of their own are walked through; a statement that is not known is
 * {@link Effect#UNKNOWN}.
 */
final class Walker {
  /** The sampling methods that PostgreSQL comes with. */
  private static final Set<String> SAMPLING = Set.of("bernoulli", "system");

  private static final Name EQUALS = Name.of("=");

  private final Findings findings;
  private final Queries queries;
  private final SessionStatements sessionStatements;

  Walker(Findings findings, String text) {
    this.findings = findings;
    queries = new Queries(findings, this);
    sessionStatements = new SessionStatements(findings, this, text);
  }

  /** A statement that is not inside another one. */
  StatementKind topLevel(Node statement) {
    var kind = sessionStatements.read(statement);
    if (kind != null) {
      return kind;
    }
    if (statement.is("SelectStmt") && !Queries.makesTable(statement)) {
      findings.effect(Effect.READ);
    }
    walk(statement, Scope.DEFINITION);
    return new StatementKind.Plain();
  }

  void walk(@Nullable Node node, Scope scope) {
    if (node == null) {
      return;
    }
    switch (node.type()) {
      case "RangeVar" -> relation(node, scope);
      case "FuncCall" -> call(node, scope);
      case "A_Expr" -> operator(node, scope);
      case "SubLink" -> subquery(node, scope);
      case "SortBy" -> {
        qualifiedOperator(node.nodes("useOp"));
        children(node, scope);
      }
      case "CaseExpr" -> {
        if (node.has("arg")) {
          findings.operator(EQUALS);
        }
        children(node, scope);
      }
      case "JoinExpr" -> {
        if (node.has("usingClause") || node.flag("isNatural")) {
          findings.operator(EQUALS);
        }
        children(node, scope);
      }
      case "TypeName" -> {
        findings.type(Names.of(node.nodes("names")));
        children(node, scope);
      }
      case "ColumnRef" -> column(node);
      case "A_Indirection" -> {
        Names.words(node.nodes("indirection")).forEach(findings::attribute);
        children(node, scope);
      }
      // What it names are aliases of the query's own FROM.
      case "LockingClause" -> findings.effect(Effect.LOCK);
      case "RangeTableSample" -> {
        sample(node);
        children(node, scope);
      }
      case "IntoClause" -> queries.into(node, scope);
      default -> {
        if (node.type().endsWith("Stmt")) {
          statement(node, scope);
        } else {
          children(node, scope);
        }
      }
    }
  }

  void walk(List<Node> nodes, Scope scope) {
    nodes.forEach(node -> walk(node, scope));
  }

  /** Walks all fields. */
  void children(Node node, Scope scope) {
    childrenExcept(node, scope, Set.of());
  }

  void childrenExcept(Node node, Scope scope, Set<String> fields) {
    for (String field : node.fields().keySet()) {
      if (!fields.contains(field)) {
        walk(node.nodes(field), scope);
      }
    }
  }

  private void statement(Node node, Scope scope) {
    if (queries.read(node, scope)) {
      return;
    }
    // SET within a definition says what will hold while a function runs or a role is signed in.
    if (!node.is("VariableSetStmt") && sessionStatements.read(node) != null) {
      return;
    }
    findings.effects(Definitions.effects(node));
    NamedObjects.relations(node).forEach(findings::relation);
    children(node, scope);
  }

  private void relation(Node rangeVar, Scope scope) {
    var name = Findings.name(rangeVar);
    if (name.schema() == null && scope.hides(name.name())) {
      return;
    }
    if (scope.reading()) {
      findings.read(name);
    } else {
      findings.relation(name);
    }
  }

  private void call(Node call, Scope scope) {
    var name = Names.of(call.nodes("funcname"));
    var arguments = call.nodes("args");
    if (name.mayBeBuiltIn() && name.name().equals("set_config")) {
      setConfig(name, arguments);
    } else {
      findings.function(name, arguments.size());
    }
    children(call, scope);
  }

  /** {@code set_config(name, value, is_local)}. */
  private void setConfig(Name function, List<Node> arguments) {
    boolean positional =
        arguments.size() == 3 && arguments.stream().noneMatch(node -> node.is("NamedArgExpr"));
    String setting = positional ? Names.constant(arguments.get(0)) : null;
    var change =
        new SettingChange(
            setting == null ? null : SessionStatements.settingName(setting),
            positional ? Names.constant(arguments.get(1)) : null,
            false,
            positional && Names.isTrue(arguments.get(2)));
    // A value that is computed could be anything that the statement reads, and SHOW would tell it.
    var value = positional ? arguments.get(1) : null;
    findings.settingByFunction(change);
    boolean computed = value != null && !isKnown(value);
    var effects = EnumSet.noneOf(Effect.class);
    effects.addAll(findings.catalogues().settings().effects(change.name()));
    if (computed) {
      effects.add(Effect.UNKNOWN);
    }
    findings.function(new FunctionUse(function, arguments.size(), effects, computed));
  }

  private static boolean isKnown(@Nullable Node value) {
    return value != null && isKnownValue(value);
  }

  private static boolean isKnownValue(Node value) {
    return Names.constant(value) != null
        || value.is("A_Const")
        || value.is("ParamRef")
        || (value.is("TypeCast") && isKnown(value.node("arg")));
  }

  private void operator(Node expression, Scope scope) {
    var name = expression.nodes("name");
    switch (expression.text("kind")) {
      case "AEXPR_BETWEEN", "AEXPR_BETWEEN_SYM" -> {
        findings.operator(Name.of(">="));
        findings.operator(Name.of("<="));
      }
      case "AEXPR_NOT_BETWEEN", "AEXPR_NOT_BETWEEN_SYM" -> {
        findings.operator(Name.of("<"));
        findings.operator(Name.of(">"));
      }
      default -> qualifiedOperator(name);
    }
    children(expression, scope);
  }

  private void qualifiedOperator(List<Node> name) {
    if (!name.isEmpty()) {
      findings.operator(Names.of(name));
    }
  }

  private void subquery(Node link, Scope scope) {
    if (link.has("operName")) {
      qualifiedOperator(link.nodes("operName"));
    } else if (link.has("testexpr")) {
      findings.operator(EQUALS);
    }
    children(link, scope);
  }

  private void column(Node column) {
    var words = Names.words(column.nodes("fields"));
    boolean whole = words.size() < column.nodes("fields").size();
    if (!whole && words.size() > 1) {
      findings.attribute(words.getLast());
    }
  }

  private void sample(Node sample) {
    var method = Names.of(sample.nodes("method"));
    if (!method.mayBeBuiltIn() || !SAMPLING.contains(method.name())) {
      findings.function(
          new FunctionUse(method, sample.nodes("args").size(), Set.of(Effect.UNKNOWN), true));
    }
  }
}
