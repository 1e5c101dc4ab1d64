package dev.chaperone.sql;

import org.jspecify.annotations.Nullable;

/**
 * A name as the statement writes it, folded and unquoted by the grammar ({@code "Foo"} is Foo,
 * {@code FOO} is foo, {@code U&"\0066oo"} is foo). Nothing is looked up: without a schema the
 * session's search path decides.
 *
 * @param schema the schema as written, or null; a database before it ({@code db.schema.name}) is
 *     dropped, since PostgreSQL accepts the current one alone
 * @param name the last part, never empty
 */
public record Name(@Nullable String schema, String name) {
  /** A name without a schema. */
  public static Name of(String name) {
    return new Name(null, name);
  }

  /** A name in a schema. */
  public static Name of(String schema, String name) {
    return new Name(schema, name);
  }

  /**
   * Whether this names something in {@code pg_catalog}, or something unqualified, which may be
   * found there.
   */
  public boolean mayBeBuiltIn() {
    return schema == null || schema.equals("pg_catalog");
  }

  /** {@code schema.name}, or the name alone; for people, not for SQL: nothing is quoted. */
  @Override
  public String toString() {
    return schema == null ? name : schema + "." + name;
  }
}
