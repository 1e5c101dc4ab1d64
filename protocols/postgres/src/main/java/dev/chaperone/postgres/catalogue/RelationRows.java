package dev.chaperone.postgres.catalogue;

import dev.chaperone.postgres.catalogue.CatalogueRows.Row;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The relations while they are put together. */
final class RelationRows {
  private static final class Draft {
    final long oid;
    final String schema;
    final String name;
    final RelationKind kind;
    final List<Column> columns = new ArrayList<>();
    final Set<Long> parents = new HashSet<>();
    final Set<Long> children = new HashSet<>();
    final Set<Long> reads = new HashSet<>();
    final Set<Long> cascades = new HashSet<>();
    final Set<Long> truncates = new HashSet<>();
    final Map<Integer, Set<ColumnId>> origins = new HashMap<>();
    RunsCode code = RunsCode.NEVER;

    Draft(long oid, String schema, String name, RelationKind kind) {
      this.oid = oid;
      this.schema = schema;
      this.name = name;
      this.kind = kind;
    }

    void runs(RunsCode when) {
      code = code.or(when);
    }

    Relation build() {
      return new Relation(
          oid, schema, name, kind, columns, parents, children, reads, cascades, truncates, origins,
          code);
    }
  }

  private final Map<Long, String> schemas;
  private final Map<Long, Draft> drafts = new HashMap<>();

  RelationRows(Map<Long, String> schemas) {
    this.schemas = schemas;
  }

  void relations(List<Row> rows) throws IOException {
    var toastOwners = new HashMap<Long, Long>();
    for (Row row : rows) {
      long oid = row.number(0);
      var kind = RelationKind.of(row.text(3));
      var schema = CatalogueLoader.schema(schemas, row.number(1));
      var draft = new Draft(oid, schema, row.text(2), kind);
      // What a foreign table's server does with a query is out of sight.
      if (kind == RelationKind.FOREIGN_TABLE || kind == RelationKind.OTHER) {
        draft.runs(RunsCode.ALWAYS);
      }
      if (row.number(4) != 0) {
        toastOwners.put(row.number(4), oid);
      }
      if (row.number(5) != 0) {
        draft.reads.add(row.number(5));
      }
      drafts.put(oid, draft);
    }
    toastOwners.forEach((toast, owner) -> {
      var draft = drafts.get(toast);
      if (draft != null) {
        draft.reads.add(owner);
      }
    });
  }

  void columns(List<Row> rows) throws IOException {
    for (Row row : rows) {
      var draft = drafts.get(row.number(0));
      if (draft != null) {
        draft.columns.add(new Column((int) row.number(1), row.text(2), row.number(3)));
      }
    }
  }

  void links(List<Row> rows) throws IOException {
    for (Row row : rows) {
      var from = drafts.get(row.number(0));
      var to = drafts.get(row.number(1));
      if (from == null || to == null) {
        continue;
      }
      switch (row.text(2)) {
        case "i" -> {
          from.parents.add(to.oid);
          to.children.add(from.oid);
        }
        case "c" -> {
          from.cascades.add(to.oid);
          from.truncates.add(to.oid);
        }
        default -> from.truncates.add(to.oid);
      }
    }
  }

  void expressions(List<Row> rows) throws IOException {
    for (Row row : rows) {
      var draft = drafts.get(row.number(0));
      var where = StoredCode.of(row.text(1));
      if (draft == null || where == StoredCode.TYPE) {
        continue;
      }
      // A rule replaces the statement by others.
      boolean code = where == StoredCode.RULE;
      for (String function : row.words(7)) {
        code |= BuiltInCode.doesMore(function, where);
      }
      for (long read : row.numbers(3)) {
        if (read != 0 && read != draft.oid) {
          draft.reads.add(read);
          code |= !drafts.containsKey(read);
        }
      }
      if (code) {
        draft.runs(where.runs());
      }
      if (where == StoredCode.VIEW) {
        viewOrigins(draft, row.numbers(5), row.numbers(6));
      } else if (where == StoredCode.GENERATED) {
        generatedOrigins(draft, (int) row.number(2), row.numbers(4));
      }
    }
  }

  /**
   * The parse tree names a column's number and origin for each SELECT within the view. All of one
   * number are taken together, since the text does not tell which is the outermost: too many
   * origins rather than too few.
   */
  private static void viewOrigins(Draft view, List<Long> numbers, List<Long> origins)
      throws IOException {
    if (origins.size() != 2 * numbers.size()) {
      throw new IOException("the columns of a view cannot be read");
    }
    for (int i = 0; i < numbers.size(); i++) {
      long origin = origins.get(2 * i);
      int number = origins.get(2 * i + 1).intValue();
      var id = origin == 0 ? ColumnId.COMPUTED : new ColumnId(origin, number);
      view.origins.computeIfAbsent(numbers.get(i).intValue(), _ -> new HashSet<>()).add(id);
    }
  }

  private static void generatedOrigins(Draft table, int column, List<Long> sources) {
    for (long source : sources) {
      if (source >= 0 && source != column) {
        table
            .origins
            .computeIfAbsent(column, _ -> new HashSet<>())
            .add(new ColumnId(table.oid, (int) source));
      }
    }
  }

  void uses(List<Row> rows, RoutineRows routines, TypeRows types) throws IOException {
    for (Row row : rows) {
      var draft = drafts.get(row.number(0));
      var where = StoredCode.of(row.text(1));
      if (draft == null || where == StoredCode.TYPE) {
        continue;
      }
      var used = row.text(2);
      long oid = row.number(3);
      if (used.equals("t") ? types.runsCode(oid) : routines.runsCode(used, oid)) {
        draft.runs(where.runs());
      }
    }
  }

  List<Column> columnsOf(long oid) {
    var draft = drafts.get(oid);
    return draft == null ? List.of() : draft.columns;
  }

  Map<Long, Relation> build(TypeRows types) {
    var built = new HashMap<Long, Relation>();
    for (Draft draft : drafts.values()) {
      // The type of a row runs what its columns' types run, and has casts of its own.
      if (types.rowRunsCode(draft.oid)) {
        draft.runs(RunsCode.ALWAYS);
      }
      built.put(draft.oid, draft.build());
    }
    return built;
  }
}
