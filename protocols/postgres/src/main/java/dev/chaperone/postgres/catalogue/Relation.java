package dev.chaperone.postgres.catalogue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A relation. OIDs are unsigned 32-bit numbers.
 *
 * @param oid its OID, which a RowDescription names
 * @param schema the schema's name
 * @param name as stored, unquoted
 * @param kind what it is
 * @param columns in order, dropped ones left out; empty for indexes and TOAST tables
 * @param parents what it inherits from or is a partition of
 * @param children what inherits from it, its partitions included
 * @param reads relations whose content shows in it: those that a view's body, a rule or a policy
 *     reads, the table of an index or of a TOAST table
 * @param cascades tables whose rows a DELETE or UPDATE here may change by their foreign keys
 * @param truncates tables that TRUNCATE … CASCADE here empties too
 * @param origins for a view's columns and for generated columns, by number: the columns that their
 *     values come from; {@link ColumnId#COMPUTED} among them where that cannot be told
 * @param code whether using it runs code, what it reads left out
 */
public record Relation(
    long oid,
    String schema,
    String name,
    RelationKind kind,
    List<Column> columns,
    Set<Long> parents,
    Set<Long> children,
    Set<Long> reads,
    Set<Long> cascades,
    Set<Long> truncates,
    Map<Integer, Set<ColumnId>> origins,
    RunsCode code) {
  public Relation {
    columns = List.copyOf(columns);
    parents = Set.copyOf(parents);
    children = Set.copyOf(children);
    reads = Set.copyOf(reads);
    cascades = Set.copyOf(cascades);
    truncates = Set.copyOf(truncates);
    origins = Map.copyOf(origins);
  }

  /** {@code schema.name}, as policies and records name it; nothing is quoted. */
  public String qualifiedName() {
    return schema + "." + name;
  }

  /** The column of this name. */
  public Optional<Column> column(String columnName) {
    return columns.stream().filter(column -> column.name().equals(columnName)).findFirst();
  }

  /** The column of this number. */
  public Optional<Column> column(int number) {
    return columns.stream().filter(column -> column.number() == number).findFirst();
  }

  /** Whether its columns are what a query computes. */
  public boolean isView() {
    return kind == RelationKind.VIEW || kind == RelationKind.MATERIALIZED_VIEW;
  }
}
