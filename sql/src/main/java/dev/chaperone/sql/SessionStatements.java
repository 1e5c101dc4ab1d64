package dev.chaperone.sql;

import dev.chaperone.sql.StatementKind.DiscardTarget;
import dev.chaperone.sql.StatementKind.TransactionAction;
import dev.chaperone.sql.tree.Node;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The statements that mean something to the session: what they do, and what the session must know
 * of them.
 */
final class SessionStatements {
  /** CURSOR_OPT_HOLD of parsenodes.h. */
  private static final long HOLD = 0x20;

  private final Findings findings;
  private final Walker walker;
  private final String text;

  SessionStatements(Findings findings, Walker walker, String text) {
    this.findings = findings;
    this.walker = walker;
    this.text = text;
  }

  /** Notes what the statement does; null when it is not one of these. */
  @Nullable StatementKind read(Node node) {
    return switch (node.type()) {
      case "TransactionStmt" -> transaction(node);
      case "VariableSetStmt" -> set(node);
      case "VariableShowStmt" ->
          session(new StatementKind.ShowSetting(settingName(node.text("name"))));
      case "DiscardStmt" -> discard(node);
      case "PrepareStmt" -> prepare(node);
      case "ExecuteStmt" -> execute(node);
      case "DeallocateStmt" -> session(new StatementKind.Deallocate(node.textOrNull("name")));
      case "DeclareCursorStmt" -> declare(node);
      case "FetchStmt" -> fetch(node);
      case "ClosePortalStmt" ->
          session(new StatementKind.CloseCursor(node.textOrNull("portalname")));
      case "CopyStmt" -> copy(node);
      case "ListenStmt" -> session(new StatementKind.Listen(node.text("conditionname")));
      case "UnlistenStmt" -> session(new StatementKind.Unlisten(node.textOrNull("conditionname")));
      case "NotifyStmt" -> {
        findings.effect(Effect.WRITE);
        yield new StatementKind.Notify(node.text("conditionname"), node.textOrNull("payload"));
      }
      case "DoStmt" -> block(node);
      case "CallStmt" -> call(node);
      case "ExplainStmt" -> explain(node);
      default -> null;
    };
  }

  /** A setting's name as all its spellings have it. */
  static String settingName(String written) {
    return written.toLowerCase(Locale.ROOT);
  }

  private StatementKind session(StatementKind kind) {
    findings.effect(Effect.SESSION);
    return kind;
  }

  private StatementKind transaction(Node node) {
    var action =
        switch (node.text("kind")) {
          case "TRANS_STMT_BEGIN", "TRANS_STMT_START" -> TransactionAction.BEGIN;
          case "TRANS_STMT_COMMIT" -> TransactionAction.COMMIT;
          case "TRANS_STMT_ROLLBACK" -> TransactionAction.ROLLBACK;
          case "TRANS_STMT_SAVEPOINT" -> TransactionAction.SAVEPOINT;
          case "TRANS_STMT_RELEASE" -> TransactionAction.RELEASE;
          case "TRANS_STMT_ROLLBACK_TO" -> TransactionAction.ROLLBACK_TO;
          case "TRANS_STMT_PREPARE" -> TransactionAction.PREPARE;
          case "TRANS_STMT_COMMIT_PREPARED" -> TransactionAction.COMMIT_PREPARED;
          case "TRANS_STMT_ROLLBACK_PREPARED" -> TransactionAction.ROLLBACK_PREPARED;
          default -> null;
        };
    if (action == null) {
      findings.effect(Effect.UNKNOWN);
      return new StatementKind.Plain();
    }
    String name = node.textOrNull("savepoint_name");
    return session(
        new StatementKind.Transaction(
            action, name == null ? node.textOrNull("gid") : name, node.flag("chain")));
  }

  private StatementKind set(Node node) {
    boolean reset =
        switch (node.text("kind")) {
          case "VAR_RESET", "VAR_RESET_ALL", "VAR_SET_DEFAULT" -> true;
          default -> false;
        };
    String name = node.text("kind").equals("VAR_RESET_ALL") ? "all" : node.text("name");
    findings.setting(
        new SettingChange(settingName(name), value(node), reset, node.flag("is_local")));
    walker.walk(node.nodes("args"), Scope.DEFINITION);
    return new StatementKind.SetSetting();
  }

  private static @Nullable String value(Node set) {
    var constants = set.nodes("args").stream().map(Names::constant).toList();
    return constants.isEmpty() || constants.stream().anyMatch(Objects::isNull)
        ? null
        : constants.stream().collect(Collectors.joining(", "));
  }

  private StatementKind discard(Node node) {
    var target =
        switch (node.text("target")) {
          case "DISCARD_PLANS" -> DiscardTarget.PLANS;
          case "DISCARD_SEQUENCES" -> DiscardTarget.SEQUENCES;
          case "DISCARD_TEMP" -> DiscardTarget.TEMPORARY;
          default -> DiscardTarget.ALL;
        };
    if (target == DiscardTarget.ALL) {
      findings.setting(new SettingChange("all", null, true, false));
    }
    return session(new StatementKind.Discard(target));
  }

  private StatementKind prepare(Node node) {
    var inner = new Analysis(findings.catalogues(), text);
    var statement = inner.statement(query(node));
    findings.mention(inner.findings());
    walker.walk(node.nodes("argtypes"), Scope.DEFINITION);
    return session(new StatementKind.Prepare(node.text("name"), statement));
  }

  private StatementKind execute(Node node) {
    findings.effect(Effect.UNKNOWN);
    findings.reachesUnknown();
    walker.walk(node.nodes("params"), Scope.DEFINITION.query());
    return new StatementKind.Execute(node.text("name"), node.nodes("params").size());
  }

  private StatementKind declare(Node node) {
    var inner = new Analysis(findings.catalogues(), text);
    var statement = inner.statement(query(node));
    findings.include(inner.findings());
    findings.effect(Effect.READ);
    boolean holdable = (node.number("options") & HOLD) != 0;
    return new StatementKind.DeclareCursor(node.text("portalname"), holdable, statement);
  }

  private StatementKind fetch(Node node) {
    findings.effect(Effect.READ);
    findings.reachesUnknown();
    return new StatementKind.Fetch(node.text("portalname"), node.flag("ismove"));
  }

  private StatementKind copy(Node node) {
    boolean toServer = node.flag("is_from");
    findings.effect(toServer ? Effect.WRITE : Effect.READ);
    var end = StatementKind.CopyEnd.CLIENT;
    if (node.flag("is_program")) {
      end = StatementKind.CopyEnd.PROGRAM;
      findings.effect(Effect.EXECUTE);
    } else if (node.has("filename")) {
      end = StatementKind.CopyEnd.FILE;
      findings.effect(Effect.EXECUTE);
    }
    var relation = node.node("relation");
    Name name = relation == null ? null : Findings.name(relation);
    if (name != null && toServer) {
      findings.target(name);
    } else if (name != null) {
      findings.read(name);
    }
    walker.walk(node.node("query"), Scope.DEFINITION);
    walker.walk(node.node("whereClause"), Scope.DEFINITION.query());
    var query = node.node("query");
    return new StatementKind.Copy(
        toServer,
        end,
        name,
        Names.words(node.nodes("attlist")),
        node.nodes("options").stream().map(SessionStatements::copyOption).toList(),
        query == null ? null : TreeDigest.of(query));
  }

  private static StatementKind.CopyOption copyOption(Node option) {
    var value = Names.constant(option.node("arg"));
    return new StatementKind.CopyOption(
        option.text("defname"), value, value != null || !option.has("arg"));
  }

  private StatementKind block(Node node) {
    findings.effect(Effect.EXECUTE, Effect.UNKNOWN);
    findings.reachesUnknown();
    String language = "plpgsql";
    String code = "";
    for (Node option : node.nodes("args")) {
      String constant = Names.constant(option.node("arg"));
      if (constant != null && option.text("defname").equals("language")) {
        language = constant.toLowerCase(Locale.ROOT);
      } else if (constant != null) {
        code = constant;
      }
    }
    return new StatementKind.Do(language, code);
  }

  private StatementKind call(Node node) {
    findings.effect(Effect.EXECUTE);
    walker.children(node, Scope.DEFINITION.query());
    var call = node.node("funccall");
    return new StatementKind.Call(call == null ? Name.of("?") : Names.of(call.nodes("funcname")));
  }

  private StatementKind explain(Node node) {
    var inner = new Analysis(findings.catalogues(), text);
    var statement = inner.statement(query(node));
    boolean analyze = analyzes(node.nodes("options"));
    findings.effect(Effect.READ);
    if (analyze) {
      findings.include(inner.findings());
    } else {
      findings.planned(inner.findings());
    }
    return new StatementKind.Explain(analyze, statement);
  }

  /**
   * Whether any ANALYZE among the options is not plainly off: the last one counts, but a doubt
   * counts as on.
   */
  private static boolean analyzes(List<Node> options) {
    return options.stream()
        .anyMatch(option ->
            option.text("defname").equals("analyze") && !Names.isFalse(option.node("arg")));
  }

  /**
   * The inner statement; without one the tree is not PostgreSQL's, and an unknown statement takes
   * its place.
   */
  private static Node query(Node node) {
    var query = node.node("query");
    return query == null ? Node.empty("MissingStmt") : query;
  }
}
