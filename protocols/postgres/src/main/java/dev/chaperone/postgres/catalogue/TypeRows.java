package dev.chaperone.postgres.catalogue;

import dev.chaperone.postgres.catalogue.CatalogueRows.Row;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The types, and which of them run a user's code. */
final class TypeRows {
  private static final long FIRST_OF_USERS = 16_384;

  /** Built-in types whose values are any text: text, varchar, char(n), name, unknown. */
  private static final Set<Long> TEXTS = Set.of(25L, 1043L, 1042L, 19L, 705L);

  private record RawType(long oid, String schema, String name, boolean textLike) {}

  private final Map<Long, String> schemas;
  private final RoutineRows routines;
  private final RelationRows relations;
  private final Map<Long, RawType> types = new HashMap<>();
  private final Map<Long, List<Long>> containers = new HashMap<>();
  private final Set<Long> runsCode = new HashSet<>();
  private final Map<Long, Long> rowTypes = new HashMap<>();
  private boolean builtInCasts;

  TypeRows(Map<Long, String> schemas, RoutineRows routines, RelationRows relations) {
    this.schemas = schemas;
    this.routines = routines;
    this.relations = relations;
  }

  void types(List<Row> rows) throws IOException {
    for (Row row : rows) {
      long oid = row.number(0);
      boolean code = false;
      for (long function : row.numbers(4)) {
        code |= routines.runsCode("f", function);
      }
      boolean citext = row.text(2).equals("citext") && row.text(3).equals("S") && !code;
      var schema = CatalogueLoader.schema(schemas, row.number(1));
      types.put(oid, new RawType(oid, schema, row.text(2), TEXTS.contains(oid) || citext));
      if (code) {
        runsCode.add(oid);
      }
      var within = new ArrayList<>(row.numbers(5));
      rowTypes.put(row.number(6), oid);
      relations.columnsOf(row.number(6)).forEach(column -> within.add(column.type()));
      for (long inner : within) {
        containers.computeIfAbsent(inner, _ -> new ArrayList<>(1)).add(oid);
      }
    }
  }

  /** A cast runs where a value of either type stands, and need not be named. */
  void casts(List<Row> rows) throws IOException {
    for (Row row : rows) {
      long source = row.number(0);
      long target = row.number(1);
      if (!routines.runsCode("f", row.number(2))) {
        continue;
      }
      builtInCasts |= source < FIRST_OF_USERS && target < FIRST_OF_USERS;
      for (long type : List.of(source, target)) {
        if (type >= FIRST_OF_USERS) {
          runsCode.add(type);
        }
      }
    }
  }

  void uses(List<Row> rows) throws IOException {
    for (Row row : rows) {
      var used = row.text(2);
      if (StoredCode.of(row.text(1)) == StoredCode.TYPE
          && !used.equals("t")
          && routines.runsCode(used, row.number(3))) {
        runsCode.add(row.number(0));
      }
    }
  }

  void expressions(List<Row> rows) throws IOException {
    for (Row row : rows) {
      if (StoredCode.of(row.text(1)) == StoredCode.TYPE
          && row.words(7).stream().anyMatch(name -> BuiltInCode.doesMore(name, StoredCode.TYPE))) {
        runsCode.add(row.number(0));
      }
    }
  }

  /** Arrays, domains, rows and ranges run what the types within them run. */
  void settle() {
    var todo = new ArrayDeque<>(runsCode);
    while (!todo.isEmpty()) {
      for (long container : containers.getOrDefault(todo.remove(), List.of())) {
        if (runsCode.add(container)) {
          todo.add(container);
        }
      }
    }
  }

  boolean runsCode(long oid) {
    return runsCode.contains(oid) || (oid >= FIRST_OF_USERS && !types.containsKey(oid));
  }

  /** Whether a row of this relation, taken as a value, runs code. */
  boolean rowRunsCode(long relation) {
    var type = rowTypes.get(relation);
    return type != null && runsCode(type);
  }

  boolean builtInCasts() {
    return builtInCasts;
  }

  Map<Long, TypeInfo> build() {
    var built = new HashMap<Long, TypeInfo>();
    for (RawType type : types.values()) {
      built.put(
          type.oid(),
          new TypeInfo(
              type.oid(), type.schema(), type.name(), type.textLike(), runsCode(type.oid())));
    }
    return built;
  }
}
