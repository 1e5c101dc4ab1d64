package dev.chaperone.postgres.meaning;

import dev.chaperone.core.command.Effect;
import dev.chaperone.postgres.catalogue.Catalogue;
import dev.chaperone.postgres.catalogue.Relation;
import dev.chaperone.postgres.catalogue.SearchPath;
import dev.chaperone.postgres.catalogue.TypeInfo;
import dev.chaperone.postgres.catalogue.UserRoutine;
import dev.chaperone.sql.FunctionUse;
import dev.chaperone.sql.Name;
import dev.chaperone.sql.OperatorUse;
import dev.chaperone.sql.Statement;
import dev.chaperone.sql.StatementKind;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Goes through the statements of one text under one search path. */
final class StatementMeaning {
  /** EXECUTE of what is itself an EXECUTE; PostgreSQL has no use for more. */
  private static final int MOST_NESTED = 4;

  private static final Set<String> CREATES_RELATION =
      Set.of(
          "CREATE TABLE",
          "CREATE TABLE AS",
          "SELECT INTO",
          "CREATE VIEW",
          "CREATE MATERIALIZED VIEW",
          "CREATE SEQUENCE",
          "CREATE FOREIGN TABLE",
          "CREATE INDEX",
          "CREATE TYPE"); // of columns, which is a relation

  private final Catalogue catalogue;
  private final SearchPath path;
  private final Prepared prepared;
  private final Findings found;

  StatementMeaning(Catalogue catalogue, SearchPath path, Prepared prepared, Findings found) {
    this.catalogue = catalogue;
    this.path = path;
    this.prepared = prepared;
    this.found = found;
  }

  void add(Statement statement) {
    add(statement, 0);
  }

  private void add(Statement statement, int depth) {
    if (depth > MOST_NESTED) {
      found.unknown();
      return;
    }
    switch (statement.kind()) {
      case StatementKind.Execute(String name, int _) ->
          standsFor(statement, prepared.statement(name), depth);
      case StatementKind.Fetch(String name, boolean _) ->
          standsFor(statement, prepared.cursor(name), depth);
      case StatementKind.DeclareCursor(String _, boolean _, Statement inner) -> {
        run(statement);
        add(inner, depth + 1);
      }
      case StatementKind.Explain(boolean analyze, Statement inner) -> {
        run(statement);
        if (analyze) {
          add(inner, depth + 1);
        } else {
          planned(inner);
        }
      }
      // What is prepared is decided when it is executed: until then nothing of it runs.
      case StatementKind.Prepare _,
          StatementKind.Plain _,
          StatementKind.Transaction _,
          StatementKind.SetSetting _,
          StatementKind.ShowSetting _,
          StatementKind.Discard _,
          StatementKind.Deallocate _,
          StatementKind.CloseCursor _,
          StatementKind.Copy _,
          StatementKind.Listen _,
          StatementKind.Unlisten _,
          StatementKind.Notify _,
          StatementKind.Do _,
          StatementKind.Call _ ->
          run(statement);
    }
  }

  /** EXECUTE and FETCH do what was prepared or declared, beside what their arguments do. */
  private void standsFor(Statement statement, Optional<Statement> meant, int depth) {
    found.standsFor(statement, meant.map(Statement::text).orElse(Findings.NOT_KNOWN));
    if (meant.isEmpty()) {
      run(statement);
      found.unknown();
      return;
    }
    var own = withoutUnknown(statement);
    if (own.ownEffects().isEmpty() && own.relations().isEmpty() && own.functions().isEmpty()) {
      add(meant.get(), depth + 1);
      return;
    }
    run(own);
    add(meant.get(), depth + 1);
  }

  private static Statement withoutUnknown(Statement statement) {
    var effects = EnumSet.noneOf(dev.chaperone.sql.Effect.class);
    effects.addAll(statement.ownEffects());
    effects.remove(dev.chaperone.sql.Effect.UNKNOWN);
    return new Statement(
        statement.kind(),
        statement.tag(),
        statement.text(),
        effects,
        statement.relations(),
        statement.functions(),
        statement.operators(),
        statement.types(),
        statement.attributes(),
        statement.settings(),
        false);
  }

  /**
   * A statement that is only planned. It changes nothing, but what is constant in it is evaluated:
   * built-in functions are folded only when they compute, users' by what their label claims.
   */
  private void planned(Statement inner) {
    inner.functions().stream()
        .filter(use -> use.unknown() || !usersHarmless(catalogue.functions(use.name(), path)))
        .forEach(this::function);
    inner.operators().forEach(this::operator);
    namedUses(inner);
    names(inner, EnumSet.of(Effect.READ));
  }

  private void run(Statement statement) {
    var before = EnumSet.copyOf(found.effects);
    found.effects.clear();
    if (changesOurSettingsAlone(statement)) {
      found.effects.add(Effect.SESSION);
    } else {
      statement.ownEffects().forEach(found::add);
    }
    found.reachesUnknown |= statement.ownReachesUnknown();
    found.settings.addAll(statement.settings());
    statement.functions().forEach(this::function);
    statement.operators().forEach(this::operator);
    namedUses(statement);
    var effects = EnumSet.copyOf(found.effects);
    names(statement, effects);
    changesStructure(statement, effects);
    found.effects.addAll(before);
  }

  /** The SQL module knows no custom settings; these only the gateway reads. */
  private static boolean changesOurSettingsAlone(Statement statement) {
    return statement.kind() instanceof StatementKind.SetSetting
        && statement.settings().stream().allMatch(SettingRules::isOwn);
  }

  private void namedUses(Statement statement) {
    for (Name type : statement.types()) {
      if (catalogue.types(type).stream().anyMatch(TypeInfo::runsCode)) {
        found.unknown();
      }
    }
    for (String attribute : statement.attributes()) {
      for (UserRoutine routine : catalogue.attributeFunctions(attribute, path)) {
        found.functions.add(routine.qualifiedName());
        if (!routine.harmless()) {
          found.unknown();
        }
      }
    }
    if (catalogue.hasUserCastsOfBuiltInTypes()) {
      found.unknown();
    }
  }

  private static boolean usersHarmless(List<UserRoutine> candidates) {
    return candidates.stream().allMatch(UserRoutine::harmless);
  }

  private void function(FunctionUse use) {
    var candidates = catalogue.functions(use.name(), path);
    candidates.forEach(each -> found.functions.add(each.qualifiedName()));
    if (!usersHarmless(candidates)) {
      found.unknown();
    }
    if (!use.unknown()) {
      found.functions.add(builtIn(use.name()));
      use.effects().forEach(found::add);
      found.reachesUnknown |= use.reachesUnknown();
      return;
    }
    // An extension's function, unless a built-in one that is not known to be harmless may be meant.
    if (!candidates.isEmpty()
        && usersHarmless(candidates)
        && candidates.stream().noneMatch(UserRoutine::namesake)) {
      return;
    }
    if (candidates.isEmpty()) {
      found.functions.add(use.name().toString());
    }
    use.effects().forEach(found::add);
    found.unknown();
  }

  private static String builtIn(Name name) {
    return name.schema() == null ? "pg_catalog." + name.name() : name.toString();
  }

  private void operator(OperatorUse use) {
    var candidates = catalogue.operators(use.name(), path);
    if (!usersHarmless(candidates) || (candidates.isEmpty() && !use.builtIn())) {
      found.unknown();
    }
  }

  private void names(Statement statement, Set<Effect> effects) {
    boolean mayCreate = CREATES_RELATION.contains(statement.tag());
    boolean drops = statement.tag().startsWith("DROP ");
    for (Name name : statement.relations()) {
      var candidates = catalogue.resolve(name, path);
      candidates.forEach(relation -> relation(statement, relation, effects));
      if (!candidates.isEmpty()) {
        continue;
      }
      if (found.created.contains(name)) {
        found.relations.add(catalogue.nameOfNew(name, path));
        continue;
      }
      found.notFound.add(name);
      if (mayCreate || drops) {
        // One name that is not there is what is made; which one, the statement does not tell.
        if (mayCreate) {
          found.created.add(name);
        }
        mayCreate = false;
        found.relations.add(catalogue.nameOfNew(name, path));
      } else {
        found.relations.add(name.toString());
        found.unknown();
      }
    }
  }

  private void relation(Statement statement, Relation relation, Set<Effect> effects) {
    boolean unknown = effects.contains(Effect.UNKNOWN);
    boolean changes = unknown || effects.contains(Effect.WRITE) || effects.contains(Effect.DELETE);
    boolean reads = changes || effects.contains(Effect.READ);
    boolean builds = unknown || effects.contains(Effect.SCHEMA);
    for (Relation reached : reach(statement, relation, changes)) {
      found.reached(reached);
      var code = reached.code();
      if ((reads && code.onRead()) || (changes && code.onWrite()) || (builds && code.onBuild())) {
        found.unknown();
      }
    }
  }

  private Set<Relation> reach(Statement statement, Relation relation, boolean changes) {
    if (statement.tag().startsWith("TRUNCATE")) {
      return catalogue.reachOfTruncate(relation);
    }
    return changes ? catalogue.reachOfChange(relation) : catalogue.reach(relation);
  }

  private void changesStructure(Statement statement, Set<Effect> effects) {
    boolean structure =
        effects.contains(Effect.SCHEMA)
            || (effects.contains(Effect.PRIVILEGE)
                && !(statement.kind() instanceof StatementKind.SetSetting));
    if (structure && catalogue.hasEventTriggers()) {
      found.unknown();
    }
  }

  /** Whether what follows a statement in the same text may mean something else by it. */
  static boolean movesNames(Statement statement) {
    if (statement.settings().stream().anyMatch(SettingRules::changesNames)
        || statement.kind() instanceof StatementKind.Discard) {
      return true;
    }
    if (statement.effects().contains(dev.chaperone.sql.Effect.SCHEMA)
        && !CREATES_ONLY_DATA.contains(statement.tag())) {
      return true; // what was hidden by something that is dropped or renamed is found afterwards
    }
    return statement.kind() instanceof StatementKind.Transaction(var action, _, _)
        && List.of(
                StatementKind.TransactionAction.COMMIT,
                StatementKind.TransactionAction.ROLLBACK,
                StatementKind.TransactionAction.ROLLBACK_TO,
                StatementKind.TransactionAction.PREPARE)
            .contains(action);
  }

  /**
   * Whether prepared statements and cursors may be others after it: a later EXECUTE or FETCH of the
   * same text then means what only the server knows.
   */
  static boolean movesPrepared(Statement statement) {
    if (statement.effects().contains(dev.chaperone.sql.Effect.UNKNOWN)
        || statement.effects().contains(dev.chaperone.sql.Effect.EXECUTE)) {
      return true;
    }
    return switch (statement.kind()) {
      case StatementKind.Plain _,
          StatementKind.SetSetting _,
          StatementKind.ShowSetting _,
          StatementKind.Fetch _,
          StatementKind.Explain _,
          StatementKind.Copy _,
          StatementKind.Listen _,
          StatementKind.Unlisten _,
          StatementKind.Notify _ ->
          false;
      case StatementKind _ -> true;
    };
  }

  /** Whether a statement makes what the catalogue has not seen and later ones may run. */
  static boolean makesCode(Statement statement) {
    return statement.effects().contains(dev.chaperone.sql.Effect.SCHEMA)
        && !CREATES_ONLY_DATA.contains(statement.tag())
        && !statement.tag().startsWith("DROP ");
  }

  private static final Set<String> CREATES_ONLY_DATA =
      Set.of(
          "CREATE TABLE",
          "CREATE TABLE AS",
          "SELECT INTO",
          "CREATE SEQUENCE",
          "CREATE INDEX",
          "CREATE SCHEMA",
          "COMMENT",
          "ANALYZE",
          "VACUUM");
}
