package dev.chaperone.postgres.catalogue;

/**
 * The queries of {@link CatalogueLoader}. Here {@code {=}} stands for {@code
 * OPERATOR(pg_catalog.=)}; IN, BETWEEN, LIKE, IS DISTINCT FROM, CASE x WHEN and JOIN … USING are
 * left out, since they look their operators up in the search path. No literal has a backslash.
 *
 * <p>Objects of users have OIDs from 16384 (FirstNormalObjectId of PostgreSQL's transam.h).
 *
 * <p>Stored expressions are read as the text of their parse trees ({@code pg_node_tree}): {@code
 * pg_depend} does not name what is built in, and does not tell which column of a view comes from
 * where. In that text blanks within names are escaped, so a name cannot pass for a field.
 */
final class CatalogueSql {
  private CatalogueSql() {}

  /** Columns: database, version, role, own temporary schema, event triggers. */
  static final String SESSION =
      sql(
          """
          SELECT pg_catalog.current_database(),
            pg_catalog.current_setting('server_version_num'),
            current_user,
            (SELECT n.nspname FROM pg_catalog.pg_namespace n
              WHERE n.oid {=} pg_catalog.pg_my_temp_schema()),
            EXISTS (SELECT FROM pg_catalog.pg_event_trigger e WHERE e.evtenabled {<>} 'D')
          """);

  /** Columns: oid, name, whether the current role may use it. */
  static final String SCHEMAS =
      sql(
          """
          SELECT n.oid, n.nspname, pg_catalog.has_schema_privilege(n.oid, 'USAGE')
          FROM pg_catalog.pg_namespace n
          """);

  /** Columns: oid, schema, name, kind, its TOAST table or 0, the table of an index or null. */
  static final String RELATIONS =
      sql(
          """
          SELECT c.oid, c.relnamespace, c.relname, c.relkind, c.reltoastrelid, i.indrelid
          FROM pg_catalog.pg_class c
          LEFT JOIN pg_catalog.pg_index i ON i.indexrelid {=} c.oid
          """);

  /** Columns: relation, number, name, type. */
  static final String COLUMNS =
      sql(
          """
          SELECT a.attrelid, a.attnum, a.attname, a.atttypid
          FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid {=} a.attrelid
          WHERE a.attnum {>} 0 AND NOT a.attisdropped
            AND NOT c.relkind {=} ANY (ARRAY['i', 'I', 't']::pg_catalog."char"[])
          ORDER BY a.attrelid, a.attnum
          """);

  /**
   * Columns: from, to, kind: {@code i} from a child to its parent; {@code c} or {@code n} from the
   * table that a foreign key points to, to the table that has it, with and without a change that
   * goes on.
   */
  static final String LINKS =
      sql(
          """
          SELECT h.inhrelid, h.inhparent, 'i' FROM pg_catalog.pg_inherits h
          UNION ALL
          SELECT k.confrelid, k.conrelid, CASE
            WHEN k.confdeltype {=} ANY (ARRAY['c', 'n', 'd']::pg_catalog."char"[])
              OR k.confupdtype {=} ANY (ARRAY['c', 'n', 'd']::pg_catalog."char"[])
            THEN 'c' ELSE 'n' END
          FROM pg_catalog.pg_constraint k WHERE k.contype {=} 'f'
          """);

  /**
   * What relations and domains compute by stored expressions. Columns: relation or type, kind (the
   * letters of {@link StoredCode}), the column or 0, the relations read, the columns read, the
   * view's columns by number, the same columns' origins as pairs of relation and number, the names
   * of built-in functions that are more than computations. Lists have blanks between their
   * elements.
   */
  static final String EXPRESSIONS =
      sql(
          """
          WITH stored AS (
            SELECT r.ev_class AS relation, 0 AS number, r.ev_action::pg_catalog.text AS body,
              CASE WHEN r.rulename {=} '_RETURN' THEN 'v' ELSE 'r' END AS kind
            FROM pg_catalog.pg_rewrite r WHERE r.oid {>=} 16384
            UNION ALL
            SELECT d.adrelid, d.adnum, d.adbin::pg_catalog.text,
              CASE WHEN a.attgenerated {=} '' THEN 'd' ELSE 'g' END
            FROM pg_catalog.pg_attrdef d JOIN pg_catalog.pg_attribute a
              ON a.attrelid {=} d.adrelid AND a.attnum {=} d.adnum
            UNION ALL
            SELECT CASE WHEN k.conrelid {=} 0 THEN k.contypid ELSE k.conrelid END, 0,
              k.conbin::pg_catalog.text, CASE WHEN k.conrelid {=} 0 THEN 'y' ELSE 'k' END
            FROM pg_catalog.pg_constraint k WHERE k.contype {=} 'c' AND k.oid {>=} 16384
            UNION ALL
            SELECT t.tgrelid, 0, t.tgqual::pg_catalog.text, 't'
            FROM pg_catalog.pg_trigger t WHERE t.tgqual IS NOT NULL
            UNION ALL
            SELECT p.polrelid, 0, pg_catalog.concat(p.polqual, ' ', p.polwithcheck), 'p'
            FROM pg_catalog.pg_policy p
          )
          SELECT s.relation, s.kind, s.number,
            (SELECT pg_catalog.string_agg(DISTINCT m[1], ' ') FROM
              pg_catalog.regexp_matches(s.body, ':relid ([0-9]+)', 'g') AS m),
            CASE WHEN s.kind {=} 'g' THEN
              (SELECT pg_catalog.string_agg(DISTINCT m[1], ' ') FROM
                pg_catalog.regexp_matches(s.body, ':varattno (-?[0-9]+)', 'g') AS m) END,
            CASE WHEN s.kind {=} 'v' THEN
              (SELECT pg_catalog.string_agg(m[1], ' ') FROM
                pg_catalog.regexp_matches(s.body, ':resno ([0-9]+)', 'g') AS m) END,
            CASE WHEN s.kind {=} 'v' THEN
              (SELECT pg_catalog.string_agg(pg_catalog.concat(m[1], ' ', m[2]), ' ') FROM
                pg_catalog.regexp_matches(s.body,
                  ':resorigtbl ([0-9]+) :resorigcol (-?[0-9]+)', 'g') AS m) END,
            (SELECT pg_catalog.string_agg(DISTINCT f.proname::pg_catalog.text, ' ') FROM
              pg_catalog.regexp_matches(s.body, ':funcid ([0-9]+)', 'g') AS m
              JOIN pg_catalog.pg_proc f ON f.oid {=} m[1]::pg_catalog.oid
              WHERE f.oid {<} 16384 AND (f.provolatile {=} 'v'
                OR f.proname {~} '_to_xml|activity|cursor|prepared_statement|mcv_list'))
          FROM stored s
          """);

  /**
   * Which users' functions, operators and types stored objects use. Columns: relation or type, kind
   * (the letters of {@link StoredCode}), class of the used object ({@code f} function, {@code o}
   * operator, {@code t} type), its OID.
   */
  static final String USES =
      sql(
          """
          WITH used AS (
            SELECT d.classid, d.objid, d.refobjid, CASE
                WHEN d.refclassid {=} 'pg_catalog.pg_proc'::pg_catalog.regclass THEN 'f'
                WHEN d.refclassid {=} 'pg_catalog.pg_operator'::pg_catalog.regclass THEN 'o'
                ELSE 't' END AS used
            FROM pg_catalog.pg_depend d
            WHERE d.refobjid {>=} 16384 AND d.refclassid {=} ANY (ARRAY[
              'pg_catalog.pg_proc'::pg_catalog.regclass::pg_catalog.oid,
              'pg_catalog.pg_operator'::pg_catalog.regclass::pg_catalog.oid,
              'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid])
          )
          SELECT r.ev_class, CASE WHEN r.rulename {=} '_RETURN' THEN 'v' ELSE 'r' END,
            u.used, u.refobjid
          FROM used u JOIN pg_catalog.pg_rewrite r ON r.oid {=} u.objid
          WHERE u.classid {=} 'pg_catalog.pg_rewrite'::pg_catalog.regclass
          UNION ALL
          SELECT d.adrelid, 'd', u.used, u.refobjid
          FROM used u JOIN pg_catalog.pg_attrdef d ON d.oid {=} u.objid
          WHERE u.classid {=} 'pg_catalog.pg_attrdef'::pg_catalog.regclass
          UNION ALL
          SELECT CASE WHEN k.conrelid {=} 0 THEN k.contypid ELSE k.conrelid END,
            CASE WHEN k.conrelid {=} 0 THEN 'y' ELSE 'k' END, u.used, u.refobjid
          FROM used u JOIN pg_catalog.pg_constraint k ON k.oid {=} u.objid
          WHERE u.classid {=} 'pg_catalog.pg_constraint'::pg_catalog.regclass
          UNION ALL
          SELECT p.polrelid, 'p', u.used, u.refobjid
          FROM used u JOIN pg_catalog.pg_policy p ON p.oid {=} u.objid
          WHERE u.classid {=} 'pg_catalog.pg_policy'::pg_catalog.regclass
          UNION ALL
          SELECT CASE WHEN i.indrelid IS NULL THEN u.objid ELSE i.indrelid END, 'i', u.used,
            u.refobjid
          FROM used u LEFT JOIN pg_catalog.pg_index i ON i.indexrelid {=} u.objid
          WHERE u.classid {=} 'pg_catalog.pg_class'::pg_catalog.regclass
          UNION ALL
          SELECT x.stxrelid, 'i', u.used, u.refobjid
          FROM used u JOIN pg_catalog.pg_statistic_ext x ON x.oid {=} u.objid
          WHERE u.classid {=} 'pg_catalog.pg_statistic_ext'::pg_catalog.regclass
          UNION ALL
          SELECT u.objid, 'y', u.used, u.refobjid FROM used u
          WHERE u.classid {=} 'pg_catalog.pg_type'::pg_catalog.regclass
          UNION ALL
          SELECT t.tgrelid, 't', 'f', t.tgfoid FROM pg_catalog.pg_trigger t
          WHERE t.tgfoid {>=} 16384
          """);

  /**
   * Columns: oid, schema, name, the extension that a superuser's function belongs to or null,
   * whether a built-in function has the name too, whether {@code row.name} may call it.
   */
  static final String FUNCTIONS =
      sql(
          """
          SELECT p.oid, p.pronamespace, p.proname, %s,
            EXISTS (SELECT FROM pg_catalog.pg_proc b
              WHERE b.proname {=} p.proname AND b.oid {<} 16384),
            p.pronargs {>} 0 AND (p.pronargs {-} p.pronargdefaults) {<=} 1
              AND NOT EXISTS (SELECT FROM pg_catalog.pg_type t
                WHERE t.oid {=} p.proargtypes[0] AND t.typtype {=} ANY
                  (ARRAY['b', 'e', 'r', 'm']::pg_catalog."char"[]))
          FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_roles o ON o.oid {=} p.proowner
          WHERE p.oid {>=} 16384
          """
              .formatted(extension("pg_proc", "p.oid")));

  /** Columns: oid, schema, name, its function. */
  static final String OPERATORS =
      sql(
          """
          SELECT o.oid, o.oprnamespace, o.oprname, o.oprcode::pg_catalog.oid
          FROM pg_catalog.pg_operator o WHERE o.oid {>=} 16384
          """);

  /**
   * Columns: oid, schema, name, category, its functions, the types within it, its relation or 0.
   * Lists have blanks between their elements.
   */
  static final String TYPES =
      sql(
          """
          SELECT t.oid, t.typnamespace, t.typname, t.typcategory,
            pg_catalog.concat_ws(' ', t.typinput::pg_catalog.oid, t.typoutput::pg_catalog.oid,
              t.typreceive::pg_catalog.oid, t.typsend::pg_catalog.oid,
              t.typmodin::pg_catalog.oid, t.typmodout::pg_catalog.oid,
              t.typsubscript::pg_catalog.oid, r.rngcanonical::pg_catalog.oid,
              r.rngsubdiff::pg_catalog.oid),
            pg_catalog.concat_ws(' ', t.typelem, t.typbasetype, r.rngsubtype),
            t.typrelid
          FROM pg_catalog.pg_type t
          LEFT JOIN pg_catalog.pg_range r ON r.rngtypid {=} t.oid OR r.rngmultitypid {=} t.oid
          WHERE t.oid {>=} 16384 OR (t.typrelid {=} 0 AND t.typtype {<>} 'p')
          """);

  /** Columns: source, target, function. */
  static final String CASTS =
      sql(
          """
          SELECT c.castsource, c.casttarget, c.castfunc FROM pg_catalog.pg_cast c
          WHERE c.oid {>=} 16384 AND c.castfunc {<>} 0
          """);

  private static String extension(String catalogue, String oid) {
    return """
    CASE WHEN o.rolsuper THEN (SELECT e.extname FROM pg_catalog.pg_depend d
          JOIN pg_catalog.pg_extension e ON e.oid {=} d.refobjid
          WHERE d.classid {=} 'pg_catalog.%s'::pg_catalog.regclass AND d.objid {=} %s
            AND d.refclassid {=} 'pg_catalog.pg_extension'::pg_catalog.regclass
            AND d.deptype {=} 'e') END\
    """
        .formatted(catalogue, oid);
  }

  private static String sql(String template) {
    return template.replaceAll("\\{([=<>~-]+)}", "OPERATOR(pg_catalog.$1)");
  }
}
