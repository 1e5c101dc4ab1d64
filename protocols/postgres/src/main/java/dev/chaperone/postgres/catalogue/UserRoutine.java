package dev.chaperone.postgres.catalogue;

/**
 * A function, aggregate, procedure or operator that does not come with PostgreSQL.
 *
 * @param schema the schema's name
 * @param name as stored, unquoted
 * @param harmless whether it is known to do no more than compute a value from its arguments; see
 *     {@link HarmlessExtensions}
 * @param namesake whether a built-in function has the same name, in another way to be called
 * @param takesRow whether {@code row.name} may call it: it can be called with one argument, which
 *     may be a row
 */
public record UserRoutine(
    String schema, String name, boolean harmless, boolean namesake, boolean takesRow) {
  /** {@code schema.name}, as policies and records name it; nothing is quoted. */
  public String qualifiedName() {
    return schema + "." + name;
  }
}
