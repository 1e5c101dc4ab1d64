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
          "pg_authid",
          "pg_foreign_data_wrapper",
          "pg_foreign_server",
          "pg_shadow",
          "pg_subscription",
          "pg_user_mapping",
          "pg_user_mappings");

  private SecretRelations() {}

  static boolean include(Relation relation) {
    return relation.schema().equals("pg_catalog") && NAMES.contains(relation.name());
  }
}
