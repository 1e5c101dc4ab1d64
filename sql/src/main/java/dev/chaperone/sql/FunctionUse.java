package dev.chaperone.sql;

import java.util.Set;

/**
 * One function, aggregate or procedure that a statement calls, with what the calls do beside
 * returning a value.
 *
 * @param name as written; syntax that stands for a function ({@code EXTRACT}, {@code AT TIME ZONE})
 *     is qualified with pg_catalog by the grammar
 * @param arguments how many arguments the call has; several calls that differ in it are several
 *     uses
 * @param effects what calling it does; empty when harmless; {@link Effect#UNKNOWN} when it is not
 *     in the built-in catalogue
 * @param reachesUnknown whether it may read what the statement does not name
 */
public record FunctionUse(Name name, int arguments, Set<Effect> effects, boolean reachesUnknown) {
  public FunctionUse {
    effects = Set.copyOf(effects);
  }

  /** Whether the built-in catalogue does not know it. */
  public boolean unknown() {
    return effects.contains(Effect.UNKNOWN);
  }

  /** This call, found to do no more than return a value computed from its arguments. */
  public FunctionUse harmless() {
    return new FunctionUse(name, arguments, Set.of(), false);
  }
}
