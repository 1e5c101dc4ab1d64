package dev.chaperone.postgres.masking;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * PostgreSQL's own views and functions that hold values of users' columns: samples in statistics,
 * and texts that other sessions run. They are masked wherever any mask applies.
 */
final class ValueSources {
  private static final List<String> SAMPLES =
      List.of(
          "most_common_vals", "histogram_bounds", "most_common_elems", "range_bounds_histogram");

  /** Columns by relation, in pg_catalog. */
  static final Map<String, List<String>> COLUMNS =
      Map.ofEntries(
          Map.entry("pg_stats", SAMPLES),
          Map.entry("pg_stats_ext", SAMPLES),
          Map.entry("pg_stats_ext_exprs", SAMPLES),
          Map.entry(
              "pg_statistic",
              List.of("stavalues1", "stavalues2", "stavalues3", "stavalues4", "stavalues5")),
          Map.entry("pg_statistic_ext_data", List.of("stxdmcv", "stxdexpr")),
          Map.entry("pg_stat_activity", List.of("query")),
          Map.entry("pg_prepared_statements", List.of("statement")),
          Map.entry("pg_cursors", List.of("statement")));

  /** The same of extensions, in whatever schema they are. */
  static final Map<String, List<String>> EXTENSION_COLUMNS =
      Map.of("pg_stat_statements", List.of("query"));

  /** Functions, in pg_catalog. */
  private static final Set<String> FUNCTIONS =
      Set.of(
          "pg_catalog.pg_cursor",
          "pg_catalog.pg_mcv_list_items",
          "pg_catalog.pg_prepared_statement",
          "pg_catalog.pg_stat_get_activity",
          "pg_catalog.pg_stat_get_backend_activity");

  private ValueSources() {}

  /** Whether a function, named as a command names it, returns what others have run or sampled. */
  static boolean isFunction(String qualifiedName) {
    return FUNCTIONS.contains(qualifiedName);
  }
}
