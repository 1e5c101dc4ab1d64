package dev.chaperone.sql;

import dev.chaperone.sql.tree.Node;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the walk through one statement has found so far. */
final class Findings {
  /** Catalogues and views that hold passwords or connection strings. */
  private static final Set<String> SECRETS =
      Set.of(
          "pg_authid",
          "pg_shadow",
          "pg_user_mapping",
          "pg_user_mappings",
          "_pg_user_mappings",
          "user_mapping_options",
          "pg_subscription",
          "pg_foreign_server",
          "_pg_foreign_servers",
          "foreign_server_options",
          "pg_hba_file_rules",
          "pg_ident_file_mappings",
          "pg_file_settings");

  private final Catalogues catalogues;
  private final Set<Effect> effects = EnumSet.noneOf(Effect.class);
  private final Set<Name> relations = new LinkedHashSet<>();
  private final Set<FunctionUse> functions = new LinkedHashSet<>();
  private final Set<OperatorUse> operators = new LinkedHashSet<>();
  private final Set<Name> types = new LinkedHashSet<>();
  private final Set<String> attributes = new LinkedHashSet<>();
  private final Set<SettingChange> settings = new LinkedHashSet<>();
  private boolean reachesUnknown;

  Findings(Catalogues catalogues) {
    this.catalogues = catalogues;
  }

  Catalogues catalogues() {
    return catalogues;
  }

  void effect(Effect... more) {
    effects.addAll(List.of(more));
  }

  void effects(Collection<Effect> more) {
    effects.addAll(more);
  }

  void reachesUnknown() {
    reachesUnknown = true;
  }

  /** A relation that is named, whatever is done to it. */
  void relation(Name name) {
    relations.add(name);
    if (name.schema() == null || isSystem(name)) {
      if (SECRETS.contains(name.name())) {
        effect(Effect.SECRET);
      }
    }
  }

  /** A relation that is read. */
  void read(Name name) {
    effect(Effect.READ);
    relation(name);
  }

  /**
   * A relation whose rows are changed. A change of a system catalogue is a change of what it
   * describes.
   */
  void target(Name name) {
    relation(name);
    if (isSystem(name)) {
      effect(Effect.SCHEMA, Effect.PRIVILEGE);
    }
    if (name.name().equals("pg_settings")) {
      // A rule on this view turns an UPDATE into set_config.
      setting(new SettingChange(null, null, false, false));
    }
  }

  void function(Name name, int arguments) {
    function(catalogues.functions().use(name, arguments));
  }

  void function(FunctionUse use) {
    functions.add(use);
  }

  /** {@code a.b}, which is the call {@code b(a)} when a has no column b. */
  void attribute(String name) {
    if (catalogues.functions().matters(name)) {
      function(Name.of(name), 1);
    } else {
      attributes.add(name);
    }
  }

  void operator(Name name) {
    operators.add(catalogues.operators().use(name));
  }

  void type(Name name) {
    types.add(name);
  }

  void setting(SettingChange change) {
    settings.add(change);
    effects(catalogues.settings().effects(change.name()));
  }

  /** A change by a function, whose effects are the function's. */
  void settingByFunction(SettingChange change) {
    settings.add(change);
  }

  /** Takes over all that was found in an inner statement. */
  void include(Findings inner) {
    effects.addAll(inner.effects);
    functions.addAll(inner.functions);
    operators.addAll(inner.operators);
    settings.addAll(inner.settings);
    reachesUnknown |= inner.reachesUnknown;
    mention(inner);
  }

  /** Takes over what an inner statement names, since it does not run now. */
  void mention(Findings inner) {
    relations.addAll(inner.relations);
    types.addAll(inner.types);
    attributes.addAll(inner.attributes);
    if (inner.effects.contains(Effect.SECRET)) {
      effect(Effect.SECRET);
    }
  }

  /**
   * Takes over what planning an inner statement may run: functions that may be a user's, folded
   * when labelled immutable.
   */
  void planned(Findings inner) {
    mention(inner);
    inner.functions.stream().filter(FunctionUse::unknown).forEach(functions::add);
    operators.addAll(inner.operators);
    if (inner.effects.contains(Effect.UNKNOWN)) {
      effect(Effect.UNKNOWN);
    }
  }

  Statement statement(StatementKind kind, String tag, String text) {
    if (effects.isEmpty() && functions.stream().allMatch(use -> use.effects().isEmpty())) {
      effect(Effect.UNKNOWN);
    }
    return new Statement(
        kind,
        tag,
        text,
        effects,
        new ArrayList<>(relations),
        new ArrayList<>(functions),
        new ArrayList<>(operators),
        new ArrayList<>(types),
        new ArrayList<>(attributes),
        new ArrayList<>(settings),
        reachesUnknown);
  }

  static Name name(Node rangeVar) {
    @Nullable String schema = rangeVar.textOrNull("schemaname");
    return new Name(schema, rangeVar.text("relname"));
  }

  private static boolean isSystem(Name name) {
    return name.schema() == null
        ? name.name().startsWith("pg_")
        : name.schema().equals("pg_catalog")
            || name.schema().equals("information_schema")
            || name.schema().equals("pg_toast");
  }
}
