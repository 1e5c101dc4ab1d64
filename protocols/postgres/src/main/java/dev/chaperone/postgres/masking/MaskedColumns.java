package dev.chaperone.postgres.masking;

import dev.chaperone.core.masking.ColumnName;
import dev.chaperone.core.masking.MaskWith;
import dev.chaperone.core.masking.Masking;
import dev.chaperone.postgres.catalogue.Catalogue;
import dev.chaperone.postgres.catalogue.Column;
import dev.chaperone.postgres.catalogue.ColumnId;
import dev.chaperone.postgres.catalogue.Relation;
import dev.chaperone.postgres.catalogue.RelationKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Which columns of one database are masked: those that the policy names, and those that their
 * values flow into, namely of parents, children, partitions, views and generated columns.
 */
final class MaskedColumns {
  private final Catalogue catalogue;
  private final List<MaskWith> all = new ArrayList<>();
  private final Map<Long, Map<Integer, MaskWith>> masked = new HashMap<>();
  private final Map<Long, Set<Relation>> reached = new HashMap<>();
  private boolean changed;

  MaskedColumns(Masking masking, Catalogue catalogue) {
    this.catalogue = catalogue;
    for (Masking.Mask mask : masking.masks()) {
      var here = mask.columns().stream().filter(this::isHere).toList();
      if (!here.isEmpty()) {
        all.add(mask.with());
      }
      here.forEach(column -> seed(column, mask.with()));
    }
    if (!all.isEmpty()) {
      seedValueSources();
      spread();
    }
  }

  private boolean isHere(ColumnName column) {
    return column.database() == null || column.database().equals(catalogue.database());
  }

  /** A column that is not there may have been renamed: then the relation is masked whole. */
  private void seed(ColumnName name, MaskWith with) {
    var relation = catalogue.relation(name.schema(), name.relation());
    relation
        .flatMap(found -> found.column(name.column()))
        .ifPresentOrElse(
            column -> mask(relation.orElseThrow(), column, with),
            () -> relation.ifPresent(found -> maskWhole(found, with)));
  }

  private void seedValueSources() {
    for (Relation relation : catalogue.relations()) {
      var columns =
          relation.schema().equals("pg_catalog")
              ? ValueSources.COLUMNS.getOrDefault(relation.name(), List.of())
              : ValueSources.EXTENSION_COLUMNS.getOrDefault(relation.name(), List.of());
      for (String column : columns) {
        relation.column(column).ifPresent(found -> mask(relation, found, new MaskWith.Redact()));
      }
    }
  }

  /** Masks only become more and stricter, so that this ends. */
  private void spread() {
    var derived =
        catalogue.relations().stream()
            .filter(relation ->
                relation.isView()
                    || relation.kind() == RelationKind.TOAST_TABLE
                    || !relation.origins().isEmpty()
                    || !relation.parents().isEmpty()
                    || !relation.children().isEmpty())
            .toList();
    do {
      changed = false;
      derived.forEach(this::spreadTo);
    } while (changed);
  }

  private void spreadTo(Relation relation) {
    for (long other : relation.parents()) {
      sameNames(other, relation);
    }
    for (long other : relation.children()) {
      sameNames(other, relation);
    }
    if (relation.isView()) {
      relation.columns().forEach(column -> viewColumn(relation, column));
    } else if (relation.kind() == RelationKind.TOAST_TABLE) {
      relation
          .reads()
          .forEach(owner -> strictestOf(owner).ifPresent(with -> maskWhole(relation, with)));
    } else {
      generatedColumns(relation);
    }
  }

  private void sameNames(long other, Relation relation) {
    catalogue
        .relation(other)
        .ifPresent(from ->
            masks(from.oid())
                .forEach((number, with) ->
                    from.column(number)
                        .flatMap(column -> relation.column(column.name()))
                        .ifPresent(column -> mask(relation, column, with))));
  }

  private void viewColumn(Relation view, Column column) {
    var origins = view.origins().getOrDefault(column.number(), Set.of(ColumnId.COMPUTED));
    for (ColumnId origin : origins) {
      var with =
          origin.equals(ColumnId.COMPUTED) || catalogue.relation(origin.relation()).isEmpty()
              ? strictestBehind(view)
              : maskOf(origin);
      with.ifPresent(found -> mask(view, column, found));
    }
  }

  private void generatedColumns(Relation table) {
    table
        .origins()
        .forEach((number, sources) ->
            table
                .column(number)
                .ifPresent(column ->
                    sources.forEach(
                        source -> maskOf(source).ifPresent(with -> mask(table, column, with)))));
  }

  /** The strictest mask on anything that a view reads, at any depth. */
  private Optional<MaskWith> strictestBehind(Relation view) {
    var behind = new ArrayList<MaskWith>();
    for (Relation relation : reached.computeIfAbsent(view.oid(), _ -> catalogue.reach(view))) {
      if (relation.oid() != view.oid()) {
        strictestOf(relation.oid()).ifPresent(behind::add);
      }
    }
    return strictest(behind);
  }

  private void maskWhole(Relation relation, MaskWith with) {
    if (relation.columns().isEmpty()) {
      mask(relation, new Column(0, "", 0), with);
    }
    relation.columns().forEach(column -> mask(relation, column, with));
  }

  private void mask(Relation relation, Column column, MaskWith with) {
    var columns = masked.computeIfAbsent(relation.oid(), _ -> new HashMap<>());
    var before = columns.get(column.number());
    var after = before == null ? with : MaskWith.strictest(List.of(before, with));
    if (!Objects.equals(before, after)) {
      columns.put(column.number(), after);
      changed = true;
    }
  }

  /** Whether there is any mask for this database. */
  boolean any() {
    return !all.isEmpty();
  }

  /** The mask of a column, of a whole row when its number is 0; system columns have none. */
  Optional<MaskWith> maskOf(ColumnId column) {
    if (column.number() == 0) {
      return strictestOf(column.relation());
    }
    var columns = masks(column.relation());
    return Optional.ofNullable(
        column.number() < 0 ? null : columns.getOrDefault(column.number(), columns.get(0)));
  }

  /** The strictest mask on any column of a relation. */
  Optional<MaskWith> strictestOf(long relation) {
    return strictest(List.copyOf(masks(relation).values()));
  }

  /** The strictest of all masks. */
  Optional<MaskWith> strictestOfAll() {
    return strictest(all);
  }

  /** The relations with a masked column, by the names that commands give them. */
  Map<String, MaskWith> byRelationName() {
    var names = new HashMap<String, MaskWith>();
    for (long oid : new HashSet<>(masked.keySet())) {
      catalogue
          .relation(oid)
          .ifPresent(relation ->
              strictestOf(oid)
                  .ifPresent(with ->
                      names.merge(
                          relation.qualifiedName(),
                          with,
                          (one, other) -> MaskWith.strictest(List.of(one, other)))));
    }
    return names;
  }

  private Map<Integer, MaskWith> masks(long relation) {
    return masked.getOrDefault(relation, Map.of());
  }

  private static Optional<MaskWith> strictest(List<MaskWith> masks) {
    return masks.isEmpty() ? Optional.empty() : Optional.of(MaskWith.strictest(masks));
  }
}
