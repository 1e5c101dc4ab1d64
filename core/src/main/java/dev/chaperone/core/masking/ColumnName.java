package dev.chaperone.core.masking;

import org.jspecify.annotations.Nullable;

/**
 * A column as a policy names it: {@code [database/]schema.relation.column}.
 *
 * @param database one database alone; null for every database of the target
 * @param schema the schema
 * @param relation the table, view or the like
 * @param column the column
 */
public record ColumnName(@Nullable String database, String schema, String relation, String column) {
  @Override
  public String toString() {
    return (database == null ? "" : database + "/") + schema + "." + relation + "." + column;
  }
}
