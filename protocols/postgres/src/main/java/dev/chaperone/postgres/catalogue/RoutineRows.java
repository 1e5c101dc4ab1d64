package dev.chaperone.postgres.catalogue;

import dev.chaperone.postgres.catalogue.CatalogueRows.Row;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The users' functions and operators, by OID. */
record RoutineRows(Map<Long, UserRoutine> functions, Map<Long, UserRoutine> operators) {
  private static final long FIRST_OF_USERS = 16_384;

  static RoutineRows of(Map<Long, String> schemas, List<Row> functions, List<Row> operators)
      throws IOException {
    var routines = new RoutineRows(new HashMap<>(), new HashMap<>());
    for (Row row : functions) {
      var extension = row.textOrNull(3);
      var harmless = extension != null && HarmlessExtensions.includes(extension);
      var schema = CatalogueLoader.schema(schemas, row.number(1));
      routines.functions.put(
          row.number(0), new UserRoutine(schema, row.text(2), harmless, row.flag(4), row.flag(5)));
    }
    for (Row row : operators) {
      var schema = CatalogueLoader.schema(schemas, row.number(1));
      var harmless = !routines.runsCode("f", row.number(3));
      routines.operators.put(
          row.number(0), new UserRoutine(schema, row.text(2), harmless, false, false));
    }
    return routines;
  }

  /** Whether a function ({@code f}) or operator ({@code o}) runs code that is not harmless. */
  boolean runsCode(String kind, long oid) {
    if (oid < FIRST_OF_USERS) {
      return false;
    }
    var routine = (kind.equals("f") ? functions : operators).get(oid);
    return routine == null || !routine.harmless();
  }
}
