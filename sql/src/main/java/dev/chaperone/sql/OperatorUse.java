package dev.chaperone.sql;

/**
 * One operator that a statement uses.
 *
 * @param name as written, for example {@code =} or {@code public.<~>}
 * @param builtIn whether pg_catalog has an operator of this name and the text does not ask for
 *     another schema's; a user may still have defined another one of the same name over a type of
 *     theirs, which only the catalogue can tell
 */
public record OperatorUse(Name name, boolean builtIn) {}
