package dev.chaperone.postgres.catalogue;

import dev.chaperone.postgres.catalogue.CatalogueRows.Row;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Reads a {@link Catalogue} from PostgreSQL 14 to 18. */
public final class CatalogueLoader {
  private static final int MOST_SCHEMAS = 100_000;

  /** The most relations, types, functions, operators or stored expressions. */
  public static final int MOST_OBJECTS = 100_000;

  /** The most columns, dependencies or foreign keys. */
  public static final int MOST_DETAILS = 500_000;

  private final OwnQuery query;
  private final int mostObjects;
  private final int mostDetails;

  private CatalogueLoader(OwnQuery query, int mostObjects, int mostDetails) {
    this.query = query;
    this.mostObjects = mostObjects;
    this.mostDetails = mostDetails;
  }

  /**
   * Reads the catalogue by a fixed number of queries. Blocks. The queries name everything with its
   * schema and every operator by {@code OPERATOR(pg_catalog.…)}, so that no search path makes them
   * run what a user has defined.
   *
   * <p>Run it on the session's own connection, outside a failed transaction: only there are the
   * session's temporary and uncommitted objects seen. The queries are not of one snapshot: what
   * only some of them saw, since it was just made, counts as running unknown code.
   *
   * @throws CatalogueTooLargeException when the database holds more than can be controlled
   * @throws IOException when a query fails or answers with what cannot be read
   */
  public static Catalogue load(OwnQuery query) throws IOException {
    return new CatalogueLoader(query, MOST_OBJECTS, MOST_DETAILS).load();
  }

  /** As {@link #load(OwnQuery)}, with other bounds. */
  static Catalogue load(OwnQuery query, int mostObjects, int mostDetails) throws IOException {
    return new CatalogueLoader(query, mostObjects, mostDetails).load();
  }

  private Catalogue load() throws IOException {
    var session = CatalogueRows.of(query, CatalogueSql.SESSION, "answers", 1);
    if (session.isEmpty()) {
      throw new IOException("the server does not say which database this is");
    }
    var schemas = new HashMap<Long, String>();
    var usable = new HashSet<String>();
    for (Row row : objects(CatalogueSql.SCHEMAS, "schemas")) {
      schemas.put(row.number(0), row.text(1));
      // NULL when the schema was dropped meanwhile.
      if ("t".equals(row.textOrNull(2))) {
        usable.add(row.text(1));
      }
    }
    var relations = new RelationRows(schemas);
    relations.relations(objects(CatalogueSql.RELATIONS, "relations"));
    relations.columns(details(CatalogueSql.COLUMNS, "columns"));
    relations.links(details(CatalogueSql.LINKS, "foreign keys and partitions"));
    var routines =
        RoutineRows.of(
            schemas,
            objects(CatalogueSql.FUNCTIONS, "functions"),
            objects(CatalogueSql.OPERATORS, "operators"));
    var expressions = objects(CatalogueSql.EXPRESSIONS, "stored expressions");
    var uses = details(CatalogueSql.USES, "dependencies");
    var types = new TypeRows(schemas, routines, relations);
    types.types(objects(CatalogueSql.TYPES, "types"));
    types.casts(objects(CatalogueSql.CASTS, "casts"));
    types.uses(uses);
    types.expressions(expressions);
    types.settle();
    relations.expressions(expressions);
    relations.uses(uses, routines, types);
    var one = session.getFirst();
    var facts =
        new Catalogue.Facts(
            one.text(0),
            (int) one.number(1),
            one.text(2),
            Objects.requireNonNullElse(one.textOrNull(3), ""),
            usable,
            one.flag(4),
            types.builtInCasts());
    return new Catalogue(
        facts,
        relations.build(types),
        routines.functions().values(),
        routines.operators().values(),
        types.build());
  }

  /**
   * The objects of a catalogue that another session loaded, as the session of this connection sees
   * them. Asks two short questions.
   */
  public static Catalogue seenBy(OwnQuery query, Catalogue objects) throws IOException {
    var one = CatalogueRows.of(query, CatalogueSql.SESSION, "answers", 1).getFirst();
    var usable = new HashSet<String>();
    for (Row row : CatalogueRows.of(query, CatalogueSql.SCHEMAS, "schemas", MOST_SCHEMAS)) {
      if ("t".equals(row.textOrNull(2))) {
        usable.add(row.text(1));
      }
    }
    return objects.with(
        one.text(2), Objects.requireNonNullElse(one.textOrNull(3), ""), usable, one.flag(4));
  }

  private List<Row> objects(String sql, String what) throws IOException {
    return CatalogueRows.of(query, sql, what, mostObjects);
  }

  private List<Row> details(String sql, String what) throws IOException {
    return CatalogueRows.of(query, sql, what, mostDetails);
  }

  /** The name of a schema; one that was made since is not known by name. */
  static String schema(Map<Long, String> schemas, long oid) {
    return schemas.getOrDefault(oid, "?" + oid);
  }
}
