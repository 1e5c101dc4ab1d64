package dev.chaperone.sql;

import dev.chaperone.sql.tree.Node;
import java.util.Locale;

/**
 * Command tags as PostgreSQL's CreateCommandTag words them (tcop/utility.c, cmdtaglist.h), with
 * SELECT INTO for a SELECT that makes a table.
 */
final class CommandTag {
  private CommandTag() {}

  static String of(Node node) {
    return switch (node.type()) {
      case "SelectStmt" -> Queries.makesTable(node) ? "SELECT INTO" : "SELECT";
      case "TransactionStmt" -> transaction(node.text("kind"));
      case "DropStmt" -> "DROP " + object(node.text("removeType"));
      case "RenameStmt" -> "ALTER " + object(renamed(node));
      case "AlterTableStmt", "AlterObjectSchemaStmt", "AlterOwnerStmt", "AlterObjectDependsStmt" ->
          "ALTER " + object(node.text(node.has("objtype") ? "objtype" : "objectType"));
      case "AlterTableMoveAllStmt" -> "ALTER " + object(node.text("objtype"));
      case "DefineStmt" -> "CREATE " + object(node.text("kind"));
      case "CreateTableAsStmt" ->
          node.text("objtype").equals("OBJECT_MATVIEW")
              ? "CREATE MATERIALIZED VIEW"
              : "CREATE TABLE AS";
      case "GrantStmt" -> node.flag("is_grant") ? "GRANT" : "REVOKE";
      case "GrantRoleStmt" -> node.flag("is_grant") ? "GRANT ROLE" : "REVOKE ROLE";
      case "CreateFunctionStmt" ->
          node.flag("is_procedure") ? "CREATE PROCEDURE" : "CREATE FUNCTION";
      case "AlterFunctionStmt" -> "ALTER " + object(node.text("objtype"));
      case "VacuumStmt" -> node.flag("is_vacuumcmd") ? "VACUUM" : "ANALYZE";
      case "VariableSetStmt" -> node.text("kind").startsWith("VAR_RESET") ? "RESET" : "SET";
      case "DiscardStmt" -> "DISCARD " + discarded(node.text("target"));
      case "FetchStmt" -> node.flag("ismove") ? "MOVE" : "FETCH";
      case "ClosePortalStmt" -> node.has("portalname") ? "CLOSE CURSOR" : "CLOSE CURSOR ALL";
      case "DeallocateStmt" -> node.has("name") ? "DEALLOCATE" : "DEALLOCATE ALL";
      case "RefreshMatViewStmt" -> "REFRESH MATERIALIZED VIEW";
      default -> fixed(node.type());
    };
  }

  private static String transaction(String kind) {
    return switch (kind) {
      case "TRANS_STMT_BEGIN" -> "BEGIN";
      case "TRANS_STMT_START" -> "START TRANSACTION";
      case "TRANS_STMT_COMMIT" -> "COMMIT";
      case "TRANS_STMT_ROLLBACK", "TRANS_STMT_ROLLBACK_TO" -> "ROLLBACK";
      case "TRANS_STMT_SAVEPOINT" -> "SAVEPOINT";
      case "TRANS_STMT_RELEASE" -> "RELEASE";
      case "TRANS_STMT_PREPARE" -> "PREPARE TRANSACTION";
      case "TRANS_STMT_COMMIT_PREPARED" -> "COMMIT PREPARED";
      case "TRANS_STMT_ROLLBACK_PREPARED" -> "ROLLBACK PREPARED";
      default -> "???";
    };
  }

  private static String renamed(Node rename) {
    String kind = rename.text("renameType");
    return switch (kind) {
      case "OBJECT_COLUMN", "OBJECT_ATTRIBUTE" -> rename.text("relationType");
      case "OBJECT_TABCONSTRAINT" -> "OBJECT_TABLE";
      case "OBJECT_DOMCONSTRAINT" -> "OBJECT_DOMAIN";
      default -> kind;
    };
  }

  private static String discarded(String target) {
    return target.equals("DISCARD_TEMP") ? "TEMP" : target.replace("DISCARD_", "");
  }

  /** The words of an ObjectType of parsenodes.h. */
  private static String object(String type) {
    return switch (type) {
      case "OBJECT_MATVIEW" -> "MATERIALIZED VIEW";
      case "OBJECT_FDW" -> "FOREIGN DATA WRAPPER";
      case "OBJECT_FOREIGN_SERVER" -> "SERVER";
      case "OBJECT_LARGEOBJECT" -> "LARGE OBJECT";
      case "OBJECT_OPCLASS" -> "OPERATOR CLASS";
      case "OBJECT_OPFAMILY" -> "OPERATOR FAMILY";
      case "OBJECT_STATISTIC_EXT" -> "STATISTICS";
      case "OBJECT_TSPARSER" -> "TEXT SEARCH PARSER";
      case "OBJECT_TSDICTIONARY" -> "TEXT SEARCH DICTIONARY";
      case "OBJECT_TSTEMPLATE" -> "TEXT SEARCH TEMPLATE";
      case "OBJECT_TSCONFIGURATION" -> "TEXT SEARCH CONFIGURATION";
      default -> type.replace("OBJECT_", "").replace('_', ' ');
    };
  }

  private static String fixed(String type) {
    return switch (type) {
      case "CreateStmt" -> "CREATE TABLE";
      case "CreateSeqStmt" -> "CREATE SEQUENCE";
      case "AlterSeqStmt" -> "ALTER SEQUENCE";
      case "CreatedbStmt" -> "CREATE DATABASE";
      case "DropdbStmt" -> "DROP DATABASE";
      case "AlterDatabaseSetStmt", "AlterDatabaseRefreshCollStmt" -> "ALTER DATABASE";
      case "CompositeTypeStmt", "CreateEnumStmt", "CreateRangeStmt" -> "CREATE TYPE";
      case "AlterEnumStmt" -> "ALTER TYPE";
      case "CreateStatsStmt" -> "CREATE STATISTICS";
      case "AlterStatsStmt" -> "ALTER STATISTICS";
      case "CreateTrigStmt" -> "CREATE TRIGGER";
      case "CreateEventTrigStmt" -> "CREATE EVENT TRIGGER";
      case "AlterEventTrigStmt" -> "ALTER EVENT TRIGGER";
      case "CreatePLangStmt" -> "CREATE LANGUAGE";
      case "CreateAmStmt" -> "CREATE ACCESS METHOD";
      case "CreateFdwStmt" -> "CREATE FOREIGN DATA WRAPPER";
      case "AlterFdwStmt" -> "ALTER FOREIGN DATA WRAPPER";
      case "CreateForeignServerStmt" -> "CREATE SERVER";
      case "AlterForeignServerStmt" -> "ALTER SERVER";
      case "CreateOpClassStmt" -> "CREATE OPERATOR CLASS";
      case "CreateOpFamilyStmt" -> "CREATE OPERATOR FAMILY";
      case "AlterOpFamilyStmt" -> "ALTER OPERATOR FAMILY";
      case "AlterTSConfigurationStmt" -> "ALTER TEXT SEARCH CONFIGURATION";
      case "AlterTSDictionaryStmt" -> "ALTER TEXT SEARCH DICTIONARY";
      case "AlterTableSpaceOptionsStmt" -> "ALTER TABLESPACE";
      case "CreateTableSpaceStmt" -> "CREATE TABLESPACE";
      case "DropTableSpaceStmt" -> "DROP TABLESPACE";
      case "AlterExtensionContentsStmt" -> "ALTER EXTENSION";
      case "AlterRoleSetStmt" -> "ALTER ROLE";
      case "SecLabelStmt" -> "SECURITY LABEL";
      case "ConstraintsSetStmt" -> "SET CONSTRAINTS";
      case "IndexStmt" -> "CREATE INDEX";
      case "ViewStmt" -> "CREATE VIEW";
      case "RuleStmt" -> "CREATE RULE";
      case "TruncateStmt" -> "TRUNCATE TABLE";
      case "LockStmt" -> "LOCK TABLE";
      case "VariableShowStmt" -> "SHOW";
      case "DeclareCursorStmt" -> "DECLARE CURSOR";
      case "CheckPointStmt" -> "CHECKPOINT";
      default -> words(type);
    };
  }

  /** {@code AlterDefaultPrivilegesStmt} is ALTER DEFAULT PRIVILEGES. */
  private static String words(String type) {
    return type.replaceFirst("Stmt$", "")
        .replaceAll("(?<=[a-z])(?=[A-Z])", " ")
        .toUpperCase(Locale.ROOT);
  }
}
