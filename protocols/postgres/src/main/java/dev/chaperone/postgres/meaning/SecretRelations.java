package dev.chaperone.postgres.meaning;

import dev.chaperone.postgres.catalogue.Relation;
import java.util.Set;

/**
 * System relations that hold credentials. The SQL module tells them in a text; here they are told
 * behind a user's view.
 */
final class SecretRelations {
  private static final Set<String> NAMES =
      Set.of(
          "pg_catalog.pg_authid",
          "pg_catalog.pg_file_settings",
          "pg_catalog.pg_foreign_server",
          "pg_catalog.pg_hba_file_rules",
          "pg_catalog.pg_ident_file_mappings",
          "pg_catalog.pg_shadow",
          "pg_catalog.pg_subscription",
          "pg_catalog.pg_user_mapping",
          "pg_catalog.pg_user_mappings",
          "information_schema._pg_foreign_servers",
          "information_schema._pg_user_mappings",
          "information_schema.foreign_server_options",
          "information_schema.user_mapping_options");

  private SecretRelations() {}

  static boolean include(Relation relation) {
    return NAMES.contains(relation.qualifiedName());
  }
}
