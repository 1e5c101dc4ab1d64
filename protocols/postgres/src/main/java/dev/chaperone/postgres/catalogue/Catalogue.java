package dev.chaperone.postgres.catalogue;

import dev.chaperone.sql.Name;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What one database held at one moment, as one session sees it: its temporary relations and what
 * its open transaction has made are there only when it was loaded on that session's connection.
 * Immutable.
 *
 * <p>Where several objects may be meant, all are given: too many rather than too few.
 */
public final class Catalogue {
  private final Facts facts;
  private final Map<Long, Relation> relations;
  private final Map<String, Map<String, Relation>> relationsByName;
  private final Map<String, List<UserRoutine>> functions;
  private final Map<String, List<UserRoutine>> operators;
  private final Map<Long, TypeInfo> types;
  private final Map<String, List<TypeInfo>> typesByName;

  /**
   * What there is one of.
   *
   * @param database the database's name
   * @param serverVersion as {@code server_version_num}, for example 180001
   * @param role the current role when it was loaded
   * @param ownTemporarySchema the session's schema of temporary objects; empty when it has none
   * @param usableSchemas schemas that the role may look into; the server passes over all others in
   *     a search path
   * @param eventTriggers whether changing structure runs a user's code
   * @param builtInCasts whether a cast between two built-in types runs a user's code, so that any
   *     statement may
   */
  record Facts(
      String database,
      int serverVersion,
      String role,
      String ownTemporarySchema,
      Set<String> usableSchemas,
      boolean eventTriggers,
      boolean builtInCasts) {
    Facts {
      usableSchemas = Set.copyOf(usableSchemas);
    }
  }

  Catalogue(
      Facts facts,
      Map<Long, Relation> relations,
      Collection<UserRoutine> functions,
      Collection<UserRoutine> operators,
      Map<Long, TypeInfo> types) {
    this.facts = facts;
    this.relationsByName = new HashMap<>();
    this.functions = new HashMap<>();
    this.operators = new HashMap<>();
    this.typesByName = new HashMap<>();
    this.relations = Collections.unmodifiableMap(relations);
    this.types = Collections.unmodifiableMap(types);
    for (Relation relation : relations.values()) {
      relationsByName
          .computeIfAbsent(relation.name(), _ -> new HashMap<>())
          .put(relation.schema(), relation);
    }
    functions.forEach(each -> add(this.functions, each.name(), each));
    operators.forEach(each -> add(this.operators, each.name(), each));
    types.values().forEach(each -> add(typesByName, each.name(), each));
  }

  private Catalogue(Facts facts, Catalogue objects) {
    this.facts = facts;
    this.relations = objects.relations;
    this.relationsByName = objects.relationsByName;
    this.functions = objects.functions;
    this.operators = objects.operators;
    this.types = objects.types;
    this.typesByName = objects.typesByName;
  }

  /** The same objects for a session of which this much is known. */
  Catalogue with(
      String role, String ownTemporarySchema, Set<String> usableSchemas, boolean eventTriggers) {
    return new Catalogue(
        new Facts(
            facts.database(),
            facts.serverVersion(),
            role,
            ownTemporarySchema,
            usableSchemas,
            eventTriggers || facts.eventTriggers(),
            facts.builtInCasts()),
        this);
  }

  /**
   * The same objects as the session of another catalogue sees them: its role, its temporary schema,
   * the schemas that it may use. What one session may see says nothing of another.
   */
  public Catalogue seenLike(Catalogue other) {
    return with(
        other.facts.role(),
        other.facts.ownTemporarySchema(),
        other.facts.usableSchemas(),
        other.facts.eventTriggers());
  }

  private static <T> void add(Map<String, List<T>> byName, String name, T value) {
    byName.computeIfAbsent(name, _ -> new ArrayList<>(1)).add(value);
  }

  /** The database's name. */
  public String database() {
    return facts.database();
  }

  /** As {@code server_version_num}, for example 180001. */
  public int serverVersion() {
    return facts.serverVersion();
  }

  /** Whether changing structure runs a user's code: there are event triggers. */
  public boolean hasEventTriggers() {
    return facts.eventTriggers();
  }

  /** Whether any statement may run a user's code, by a cast between built-in types. */
  public boolean hasUserCastsOfBuiltInTypes() {
    return facts.builtInCasts();
  }

  /** All relations, the system's included, in no order. */
  public Collection<Relation> relations() {
    return relations.values();
  }

  /** The relation of this OID. */
  public Optional<Relation> relation(long oid) {
    return Optional.ofNullable(relations.get(oid));
  }

  /** The relation of exactly this schema and name. */
  public Optional<Relation> relation(String schema, String name) {
    return Optional.ofNullable(relationsByName.getOrDefault(name, Map.of()).get(schema));
  }

  /**
   * The relations that a name in a statement may mean, as the server looks it up: the temporary
   * schema first and {@code pg_catalog} next unless the path lists them, then the path. It is more
   * than one only where it cannot be told which schemas of the path the current role may use, or
   * where the path is not known. Empty: there is none.
   */
  public List<Relation> resolve(Name name, SearchPath path) {
    var bySchema = relationsByName.getOrDefault(name.name(), Map.of());
    if (name.schema() != null) {
      var found = bySchema.get(named(name.schema()));
      return found == null ? List.of() : List.of(found);
    }
    if (!path.known()) {
      return List.copyOf(bySchema.values());
    }
    var candidates = new ArrayList<Relation>(1);
    for (String schema : path.effective(true, facts.ownTemporarySchema())) {
      var found = bySchema.get(schema);
      if (found != null) {
        candidates.add(found);
        if (surelyUsable(schema, path)) {
          break;
        }
      }
    }
    return candidates;
  }

  /** How a relation that is yet to be made would be called, as far as the path tells. */
  public String nameOfNew(Name name, SearchPath path) {
    if (name.schema() != null) {
      return named(name.schema()) + "." + name.name();
    }
    // The current schema is the first of the path that there is (recomputeNamespacePath).
    for (String schema : path.schemas()) {
      var meant = schema.equals("$user") ? path.role() : named(schema);
      if (facts.usableSchemas().contains(meant)) {
        return meant + "." + name.name();
      }
    }
    return name.name();
  }

  private String named(String schema) {
    return schema.equals("pg_temp") ? facts.ownTemporarySchema() : schema;
  }

  private boolean surelyUsable(String schema, SearchPath path) {
    return schema.equals("pg_catalog")
        || schema.equals(facts.ownTemporarySchema())
        || (path.role().equals(facts.role()) && facts.usableSchemas().contains(schema));
  }

  /** The users' functions that a call by this name may mean, extensions' included. */
  public List<UserRoutine> functions(Name name, SearchPath path) {
    return visible(functions, name, path);
  }

  /** The users' operators that a use of this name may mean, extensions' included. */
  public List<UserRoutine> operators(Name name, SearchPath path) {
    return visible(operators, name, path);
  }

  /** The users' functions that {@code row.name} may mean, extensions' included. */
  public List<UserRoutine> attributeFunctions(String name, SearchPath path) {
    return functions(Name.of(name), path).stream().filter(UserRoutine::takesRow).toList();
  }

  private List<UserRoutine> visible(
      Map<String, List<UserRoutine>> routines, Name name, SearchPath path) {
    var named = routines.getOrDefault(name.name(), List.of());
    if (named.isEmpty() || (name.schema() == null && !path.known())) {
      return named;
    }
    var schemas =
        name.schema() != null
            ? List.of(named(name.schema()))
            : path.effective(false, facts.ownTemporarySchema());
    return named.stream().filter(each -> schemas.contains(each.schema())).toList();
  }

  /** The type of this OID. */
  public Optional<TypeInfo> type(long oid) {
    return Optional.ofNullable(types.get(oid));
  }

  /** Types that a name in a statement may mean, in any schema when it says none. */
  public List<TypeInfo> types(Name name) {
    var schema = name.schema();
    var named = typesByName.getOrDefault(name.name(), List.of());
    return schema == null
        ? named
        : named.stream().filter(each -> each.schema().equals(named(schema))).toList();
  }

  /**
   * All that reading or changing a relation reaches, itself first: what a view reads, at any depth,
   * what inherits from it or is a partition of it, and what those are parts of.
   */
  public Set<Relation> reach(Relation start) {
    return reach(start, false, false);
  }

  /** As {@link #reach(Relation)}, with the tables that foreign keys make a change go on to. */
  public Set<Relation> reachOfChange(Relation start) {
    return reach(start, true, false);
  }

  /** As {@link #reachOfChange}, with the tables that TRUNCATE … CASCADE empties too. */
  public Set<Relation> reachOfTruncate(Relation start) {
    return reach(start, true, true);
  }

  private Set<Relation> reach(Relation start, boolean change, boolean truncate) {
    var reached = new LinkedHashSet<Relation>();
    var entered = new LinkedHashSet<Long>();
    var todo = new ArrayDeque<Relation>();
    todo.add(start);
    while (!todo.isEmpty()) {
      var relation = todo.remove();
      if (!entered.add(relation.oid())) {
        continue;
      }
      reached.add(relation);
      todo.addAll(known(relation.reads()));
      todo.addAll(known(relation.children()));
      if (change) {
        todo.addAll(known(relation.cascades()));
      }
      if (truncate) {
        todo.addAll(known(relation.truncates()));
      }
      addAncestors(relation, reached);
    }
    return reached;
  }

  /** Parents are named for the policies on them, but a partition does not reach its siblings. */
  private void addAncestors(Relation relation, Set<Relation> reached) {
    for (Relation parent : known(relation.parents())) {
      if (reached.add(parent)) {
        addAncestors(parent, reached);
      }
    }
  }

  private List<Relation> known(Set<Long> oids) {
    return oids.stream().map(relations::get).filter(Objects::nonNull).toList();
  }
}
