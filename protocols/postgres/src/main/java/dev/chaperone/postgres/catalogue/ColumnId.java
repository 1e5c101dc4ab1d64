package dev.chaperone.postgres.catalogue;

/**
 * A column as a RowDescription names it.
 *
 * @param relation the relation's OID; 0 when the value has no one column as its origin
 * @param number its {@code attnum}; 0 for the whole row
 */
public record ColumnId(long relation, int number) {
  /** Computed, from what cannot be told. */
  public static final ColumnId COMPUTED = new ColumnId(0, 0);
}
