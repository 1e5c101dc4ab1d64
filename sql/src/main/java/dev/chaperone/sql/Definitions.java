package dev.chaperone.sql;

import static dev.chaperone.sql.Effect.DELETE;
import static dev.chaperone.sql.Effect.EXECUTE;
import static dev.chaperone.sql.Effect.LOCK;
import static dev.chaperone.sql.Effect.PRIVILEGE;
import static dev.chaperone.sql.Effect.SCHEMA;
import static dev.chaperone.sql.Effect.SECRET;
import static dev.chaperone.sql.Effect.SESSION;
import static dev.chaperone.sql.Effect.TUNNEL;
import static dev.chaperone.sql.Effect.UNKNOWN;
import static dev.chaperone.sql.Effect.WRITE;

import dev.chaperone.sql.tree.Node;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What the statements do that define, maintain and administer; a statement that is not listed is
 * unknown. What the queries and expressions within a definition do comes on top, by the walk.
 */
final class Definitions {
  private Definitions() {}

  static Set<Effect> effects(Node node) {
    var effects = EnumSet.copyOf(always(node.type()));
    effects.addAll(byContent(node));
    return effects;
  }

  private static Set<Effect> always(String type) {
    return switch (type) {
      case "CreateStmt",
          "CreateSchemaStmt",
          "CreateSeqStmt",
          "CreateDomainStmt",
          "CreateStatsStmt",
          "CreatedbStmt",
          "CompositeTypeStmt",
          "CreateEnumStmt",
          "CreateRangeStmt",
          "CreatePublicationStmt",
          "CreateTableAsStmt",
          "ViewStmt",
          "RuleStmt",
          "IndexStmt",
          "DefineStmt" ->
          EnumSet.of(SCHEMA);
      case "AlterTableStmt",
          "AlterDomainStmt",
          "AlterEnumStmt",
          "AlterTypeStmt",
          "AlterCollationStmt",
          "AlterDatabaseStmt",
          "AlterDatabaseRefreshCollStmt",
          "AlterExtensionContentsStmt",
          "AlterObjectDependsStmt",
          "AlterObjectSchemaStmt",
          "AlterOperatorStmt",
          "AlterStatsStmt",
          "AlterPublicationStmt",
          "AlterTSConfigurationStmt",
          "AlterTSDictionaryStmt",
          "AlterTableSpaceOptionsStmt",
          "AlterTableMoveAllStmt",
          "RenameStmt",
          "ReplicaIdentityStmt",
          "CommentStmt" ->
          EnumSet.of(SCHEMA);
      case "VacuumStmt", "ClusterStmt", "ReindexStmt", "RefreshMatViewStmt", "CheckPointStmt" ->
          EnumSet.of(SCHEMA);
      case "AlterSeqStmt" -> EnumSet.of(SCHEMA, WRITE);
      case "DropStmt", "DropdbStmt", "DropTableSpaceStmt" -> EnumSet.of(SCHEMA, DELETE);
      case "TruncateStmt" -> EnumSet.of(DELETE);
      case "LockStmt" -> EnumSet.of(LOCK);
      case "ConstraintsSetStmt" -> EnumSet.of(SESSION);
      // The body of a SQL function; what it returns is walked.
      case "ReturnStmt" -> EnumSet.noneOf(Effect.class);
      default -> rest(type);
    };
  }

  private static Set<Effect> rest(String type) {
    return switch (type) {
      // They install code that runs later, for whoever comes along.
      case "CreateFunctionStmt",
          "AlterFunctionStmt",
          "CreateTrigStmt",
          "CreateEventTrigStmt",
          "AlterEventTrigStmt",
          "CreatePLangStmt",
          "CreateExtensionStmt",
          "AlterExtensionStmt",
          "CreateAmStmt",
          "CreateCastStmt",
          "CreateConversionStmt",
          "CreateTransformStmt",
          "CreateOpClassStmt",
          "CreateOpFamilyStmt",
          "AlterOpFamilyStmt",
          "CreateTableSpaceStmt" ->
          EnumSet.of(SCHEMA, EXECUTE);
      case "LoadStmt" -> EnumSet.of(EXECUTE);
      case "GrantStmt",
          "GrantRoleStmt",
          "AlterDefaultPrivilegesStmt",
          "CreateRoleStmt",
          "AlterRoleStmt",
          "AlterRoleSetStmt",
          "DropRoleStmt",
          "ReassignOwnedStmt",
          "SecLabelStmt",
          "AlterSystemStmt",
          "DropUserMappingStmt" ->
          EnumSet.of(PRIVILEGE);
      case "AlterOwnerStmt", "CreatePolicyStmt", "AlterPolicyStmt", "AlterDatabaseSetStmt" ->
          EnumSet.of(SCHEMA, PRIVILEGE);
      case "DropOwnedStmt" -> EnumSet.of(SCHEMA, DELETE, PRIVILEGE);
      case "CreateUserMappingStmt", "AlterUserMappingStmt" -> EnumSet.of(PRIVILEGE, SECRET);
      case "CreateFdwStmt",
          "AlterFdwStmt",
          "CreateForeignServerStmt",
          "AlterForeignServerStmt",
          "CreateForeignTableStmt",
          "ImportForeignSchemaStmt" ->
          EnumSet.of(SCHEMA, TUNNEL);
      case "CreateSubscriptionStmt", "AlterSubscriptionStmt" -> EnumSet.of(SCHEMA, TUNNEL, SECRET);
      case "DropSubscriptionStmt" -> EnumSet.of(SCHEMA, TUNNEL, DELETE);
      // A role's or database's setting, changed within another statement.
      case "VariableSetStmt" -> EnumSet.noneOf(Effect.class);
      default -> EnumSet.of(UNKNOWN);
    };
  }

  private static Set<Effect> byContent(Node node) {
    return switch (node.type()) {
      case "AlterTableStmt" -> {
        var effects = alterTable(node.nodes("cmds"));
        if (node.text("objtype").equals("OBJECT_FOREIGN_TABLE")) {
          effects.add(TUNNEL);
        }
        yield effects;
      }
      case "CreateRoleStmt", "AlterRoleStmt" ->
          has(node.nodes("options"), "password") ? EnumSet.of(SECRET) : none();
      case "CreateFunctionStmt" -> has(node.nodes("options"), "security") ? privilege() : none();
      case "AlterFunctionStmt" -> has(node.nodes("actions"), "security") ? privilege() : none();
      case "DropStmt" -> node.text("removeType").equals("OBJECT_POLICY") ? privilege() : none();
      case "DefineStmt" ->
          switch (node.text("kind")) {
            case "OBJECT_AGGREGATE", "OBJECT_OPERATOR", "OBJECT_TYPE" -> EnumSet.of(EXECUTE);
            default -> none();
          };
      default -> none();
    };
  }

  private static Set<Effect> alterTable(List<Node> commands) {
    var effects = none();
    for (Node command : commands) {
      switch (command.text("subtype")) {
        case "AT_DropColumn" -> effects.add(DELETE);
        case "AT_ChangeOwner",
            "AT_EnableRowSecurity",
            "AT_DisableRowSecurity",
            "AT_ForceRowSecurity",
            "AT_NoForceRowSecurity" ->
            effects.add(PRIVILEGE);
        // A trigger or rule that does not run is a check that is not made.
        case "AT_EnableTrig",
            "AT_EnableAlwaysTrig",
            "AT_EnableReplicaTrig",
            "AT_EnableTrigAll",
            "AT_EnableTrigUser",
            "AT_DisableTrig",
            "AT_DisableTrigAll",
            "AT_DisableTrigUser",
            "AT_EnableRule",
            "AT_EnableAlwaysRule",
            "AT_EnableReplicaRule",
            "AT_DisableRule" ->
            effects.add(PRIVILEGE);
        default -> {}
      }
    }
    return effects;
  }

  private static boolean has(List<Node> options, String name) {
    return options.stream().anyMatch(option -> option.text("defname").equals(name));
  }

  private static Set<Effect> none() {
    return EnumSet.noneOf(Effect.class);
  }

  private static Set<Effect> privilege() {
    return EnumSet.of(PRIVILEGE);
  }
}
