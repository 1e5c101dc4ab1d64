package dev.chaperone.postgres.meaning;

import dev.chaperone.sql.SettingChange;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a change of a session setting means; docs/formats/grant-settings.md gives the reasons.
 * Settings that PostgreSQL 18 does not have are {@link Kind#UNKNOWN}.
 */
public final class SettingRules {
  /** What a change of a setting may do. */
  public enum Kind {
    /** How fast, how long, how told: never what a text means or what it yields. */
    HARMLESS,
    /** What a text means or yields depends on it: a grant binds its value. */
    BOUND,
    /** The text is read under one value alone: any other is refused. */
    PINNED,
    /** It lifts or weakens a protection, or acts as someone else; where it matters, bound too. */
    PRIVILEGED,
    /** Not known. */
    UNKNOWN
  }

  /**
   * The settings whose values a grant binds, beside custom ones, which have a dot in their name.
   */
  public static final List<String> BOUND_NAMES =
      List.of(
          "array_nulls",
          "backslash_quote",
          "bytea_output",
          "client_encoding",
          "datestyle",
          "default_table_access_method",
          "default_tablespace",
          "default_text_search_config",
          "default_toast_compression",
          "extra_float_digits",
          "intervalstyle",
          "lc_monetary",
          "lc_numeric",
          "lc_time",
          "password_encryption",
          "restrict_nonsystem_relation_kind",
          "role",
          "row_security",
          "search_path",
          "session_authorization",
          "session_replication_role",
          "standard_conforming_strings",
          "temp_tablespaces",
          "timezone",
          "timezone_abbreviations",
          "transform_null_equals",
          "xmlbinary",
          "xmloption");

  /** The settings that the text is read under, with the one value that they must have. */
  public static final Map<String, String> PINNED_VALUES =
      Map.of(
          "backslash_quote", "safe_encoding",
          "client_encoding", "UTF8",
          "standard_conforming_strings", "on");

  private static final Set<String> BOUND = Set.copyOf(BOUND_NAMES);

  private static final Set<String> PRIVILEGED =
      words(
          """
          allow_in_place_tablespaces allow_system_table_mods backtrace_functions commit_delay
          compute_query_id createrole_self_grant deadlock_timeout debug_discard_caches
          dynamic_library_path event_triggers extension_control_path ignore_checksum_failure
          ignore_system_indexes jit_debugging_support jit_dump_bitcode jit_profiling_support
          lc_messages lo_compat_privileges local_preload_libraries log_connections
          log_disconnections log_duration log_error_verbosity log_executor_stats log_lock_failures
          log_lock_waits log_min_duration_sample log_min_duration_statement log_min_error_statement
          log_min_messages log_parameter_max_length log_parser_stats log_planner_stats
          log_replication_commands log_statement log_statement_sample_rate log_statement_stats
          log_temp_files log_transaction_sample_rate max_stack_depth output_plugin_libraries
          post_auth_delay role session_authorization session_preload_libraries
          session_replication_role temp_file_limit track_activities track_cost_delay_timing
          track_counts track_functions track_io_timing track_wal_io_timing update_process_title
          wal_compression wal_consistency_checking wal_init_zero wal_recycle zero_damaged_pages
          """);

  private static final Set<String> HARMLESS =
      words(
          """
          application_name backend_flush_after check_function_bodies
          client_connection_check_interval client_min_messages commit_siblings
          constraint_exclusion cpu_index_tuple_cost cpu_operator_cost cpu_tuple_cost
          cursor_tuple_fraction db_user_namespace debug_logical_replication_streaming
          debug_parallel_query debug_pretty_print debug_print_parse debug_print_plan
          debug_print_rewritten default_statistics_target default_transaction_deferrable
          default_transaction_isolation default_transaction_read_only effective_cache_size
          effective_io_concurrency escape_string_warning exit_on_error file_copy_method
          force_parallel_mode from_collapse_limit geqo geqo_effort geqo_generations geqo_pool_size
          geqo_seed geqo_selection_bias geqo_threshold gin_fuzzy_search_limit
          gin_pending_list_limit hash_mem_multiplier icu_validation_level
          idle_in_transaction_session_timeout idle_session_timeout io_combine_limit jit
          jit_above_cost jit_expressions jit_inline_above_cost jit_optimize_above_cost
          jit_tuple_deforming join_collapse_limit lock_timeout log_parameter_max_length_on_error
          logical_decoding_mode logical_decoding_work_mem maintenance_io_concurrency
          maintenance_work_mem max_parallel_maintenance_workers max_parallel_workers
          max_parallel_workers_per_gather md5_password_warnings min_parallel_index_scan_size
          min_parallel_table_scan_size operator_precedence_warning parallel_leader_participation
          parallel_setup_cost parallel_tuple_cost plan_cache_mode quote_all_identifiers
          random_page_cost recursive_worktable_factor scram_iterations seed seq_page_cost
          session_characteristics ssl_renegotiation_limit statement_timeout
          stats_fetch_consistency synchronize_seqscans synchronous_commit tcp_keepalives_count
          tcp_keepalives_idle tcp_keepalives_interval tcp_user_timeout temp_buffers trace_notify
          trace_sort transaction_deferrable transaction_isolation transaction_mode
          transaction_read_only transaction_snapshot transaction_timeout
          vacuum_buffer_usage_limit vacuum_cost_delay vacuum_cost_limit vacuum_cost_page_dirty
          vacuum_cost_page_hit vacuum_cost_page_miss vacuum_failsafe_age vacuum_freeze_min_age
          vacuum_freeze_table_age vacuum_max_eager_freeze_failure_rate
          vacuum_multixact_failsafe_age vacuum_multixact_freeze_min_age
          vacuum_multixact_freeze_table_age vacuum_truncate wal_sender_timeout
          wal_skip_threshold work_mem
          """);

  private SettingRules() {}

  /** What changing a setting may do; {@code name} in lower case. */
  public static Kind kind(String name) {
    if (PINNED_VALUES.containsKey(name)) {
      return Kind.PINNED;
    }
    if (PRIVILEGED.contains(name)) {
      return Kind.PRIVILEGED;
    }
    if (name.startsWith("chaperone.") || name.startsWith("enable_") || HARMLESS.contains(name)) {
      return Kind.HARMLESS;
    }
    // A row security policy may read a custom setting. RESET ALL and DISCARD ALL are "all".
    if (BOUND.contains(name) || name.indexOf('.') > 0 || name.equals("all")) {
      return Kind.BOUND;
    }
    return Kind.UNKNOWN;
  }

  /**
   * Why a change cannot be let through, since what follows would be read otherwise than the server
   * reads it; empty when it can. Going back to the default is fine: it is pinned when the session
   * starts.
   */
  public static Optional<String> refusal(SettingChange change) {
    var name = change.name();
    var pinned = name == null ? null : PINNED_VALUES.get(name);
    if (name == null || pinned == null || change.reset()) {
      return Optional.empty();
    }
    var value = change.value();
    if (value != null && means(name, value, pinned)) {
      return Optional.empty();
    }
    return Optional.of(
        "the setting %s must stay %s: statements are read under it".formatted(name, pinned));
  }

  /** Whether names may be found elsewhere after the change. */
  static boolean changesNames(SettingChange change) {
    var name = change.name();
    return name == null
        || Set.of("search_path", "role", "session_authorization", "all").contains(name);
  }

  private static boolean means(String name, String value, String pinned) {
    var given = value.strip().toLowerCase(Locale.ROOT);
    return switch (name) {
      // The server leaves out all but letters and digits (pg_char_to_encoding of encnames.c).
      case "client_encoding" ->
          Set.of("utf8", "unicode").contains(given.replaceAll("[^a-z0-9]", ""));
      case "standard_conforming_strings" -> Set.of("on", "true", "yes", "1").contains(given);
      default -> given.equals(pinned);
    };
  }

  private static Set<String> words(String text) {
    return Set.of(text.strip().split("\\s+"));
  }
}
