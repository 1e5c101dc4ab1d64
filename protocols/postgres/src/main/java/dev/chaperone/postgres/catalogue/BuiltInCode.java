package dev.chaperone.postgres.catalogue;

import java.util.Set;

/**
 * Built-in functions within stored expressions. A statement's own calls are judged by the SQL
 * module; of a view's or a default's only the name is known here, so all that is volatile, or shows
 * what others run, counts as code unless it is listed.
 */
final class BuiltInCode {
  private static final Set<String> COMPUTE =
      Set.of(
          "array_sample",
          "array_shuffle",
          "clock_timestamp",
          "gen_random_uuid",
          "pg_collation_actual_version",
          "pg_database_size",
          "pg_indexes_size",
          "pg_is_in_recovery",
          "pg_relation_size",
          "pg_table_size",
          "pg_tablespace_size",
          "pg_total_relation_size",
          "random",
          "random_normal",
          "timeofday",
          "uuidv4",
          "uuidv7");

  private static final Set<String> COUNT = Set.of("currval", "lastval", "nextval");

  private BuiltInCode() {}

  /** Whether this function makes an expression more than a computation. */
  static boolean doesMore(String function, StoredCode where) {
    return !COMPUTE.contains(function)
        && !(where == StoredCode.DEFAULT && COUNT.contains(function));
  }
}
