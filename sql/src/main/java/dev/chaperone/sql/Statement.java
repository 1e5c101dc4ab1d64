package dev.chaperone.sql;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * One statement and what it means. All lists and sets are immutable, without duplicates, in the
 * order of the text.
 *
 * @param kind what the session must know of it
 * @param tag the command tag as the server words it, without counts ({@code SELECT}, {@code CREATE
 *     TABLE}); for EXPLAIN and PREPARE their own
 * @param text the statement as written, without its semicolon and the blanks around it
 * @param ownEffects what it does apart from the functions and operators it calls; see {@link
 *     #effects()}
 * @param relations tables, views, sequences and indexes that it names, at any depth, except names
 *     of common table expressions in scope
 * @param functions functions, aggregates and procedures that it calls
 * @param operators operators that it uses
 * @param types types that it names in casts and definitions; a cast to a user's type may run a
 *     user's code
 * @param attributes last parts of {@code a.b} and {@code (a).b}: PostgreSQL reads them as a call of
 *     the function {@code b} when there is no such column, so compare them with the functions that
 *     users have defined
 * @param settings session settings that it changes
 * @param ownReachesUnknown whether, apart from its functions and operators, it reads what cannot be
 *     told from the relations (EXECUTE, FETCH, DO, …)
 */
public record Statement(
    StatementKind kind,
    String tag,
    String text,
    Set<Effect> ownEffects,
    List<Name> relations,
    List<FunctionUse> functions,
    List<OperatorUse> operators,
    List<Name> types,
    List<String> attributes,
    List<SettingChange> settings,
    boolean ownReachesUnknown) {
  public Statement {
    ownEffects = immutable(ownEffects);
    relations = List.copyOf(relations);
    functions = List.copyOf(functions);
    operators = List.copyOf(operators);
    types = List.copyOf(types);
    attributes = List.copyOf(attributes);
    settings = List.copyOf(settings);
  }

  /**
   * What it does, functions and operators included; never empty, in the order of {@link Effect}.
   */
  public Set<Effect> effects() {
    var all = EnumSet.noneOf(Effect.class);
    all.addAll(ownEffects);
    functions.forEach(use -> all.addAll(use.effects()));
    if (operators.stream().anyMatch(use -> !use.builtIn())) {
      all.add(Effect.UNKNOWN);
    }
    return Collections.unmodifiableSet(all);
  }

  /** Whether it may read what {@link #relations()} does not name. */
  public boolean reachesUnknown() {
    return ownReachesUnknown
        || functions.stream().anyMatch(FunctionUse::reachesUnknown)
        || operators.stream().anyMatch(use -> !use.builtIn());
  }

  /**
   * This statement for someone who knows the server's functions and operators better than the
   * built-in catalogue: each use is replaced by what the operator answers for it. Inner statements
   * of {@link #kind()} stay as they are.
   */
  public Statement with(UnaryOperator<FunctionUse> function, UnaryOperator<OperatorUse> operator) {
    return new Statement(
        kind,
        tag,
        text,
        ownEffects,
        relations,
        mapped(functions, function),
        mapped(operators, operator),
        types,
        attributes,
        settings,
        ownReachesUnknown);
  }

  private static <T> List<T> mapped(List<T> uses, UnaryOperator<T> change) {
    var mapped = new ArrayList<T>(uses.size());
    uses.forEach(use -> mapped.add(change.apply(use)));
    return mapped;
  }

  private static Set<Effect> immutable(Set<Effect> effects) {
    return Collections.unmodifiableSet(
        effects.isEmpty() ? EnumSet.noneOf(Effect.class) : EnumSet.copyOf(effects));
  }
}
