package dev.chaperone.postgres.masking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaperone.core.masking.ColumnName;
import dev.chaperone.core.masking.MaskWith;
import dev.chaperone.core.masking.Masking;
import dev.chaperone.testing.TestPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A marker stands in every masked column of a real database; no masked result may show it. */
class MaskedResultsTest {
  /** Everything that is masked holds it; it survives upper case and hexadecimal digits. */
  private static final String MARKER = "zqmarkerqz";

  private static final String MARKER_HEX =
      HexFormat.of().formatHex(MARKER.getBytes(StandardCharsets.UTF_8));

  private static final Masking MASKING =
      new Masking(
          List.of(
              mask("email", new MaskWith.Redact(), "customers", "email"),
              mask("card", new MaskWith.KeepLast(4), "customers", "card"),
              mask("blob", new MaskWith.Hash(), "customers", "blob"),
              mask("notes", new MaskWith.Redact(), "customers", "notes"),
              mask("people", new MaskWith.Redact(), "people", "email"),
              mask("base", new MaskWith.Null(), "base", "email")));

  private static MaskedClient client;

  private static Masking.Mask mask(String name, MaskWith with, String relation, String column) {
    return new Masking.Mask(name, List.of(new ColumnName(null, "public", relation, column)), with);
  }

  @BeforeAll
  static void start() throws IOException {
    var server = TestPostgres.shared();
    var database = server.createDatabase();
    server.run(
        database,
        """
        CREATE TABLE customers (id int PRIMARY KEY, name text, email text, card varchar(40),
          blob bytea, notes jsonb, loud text GENERATED ALWAYS AS (upper(email)) STORED,
          soft text GENERATED ALWAYS AS ('<' || email || '>') VIRTUAL);
        INSERT INTO customers SELECT i, 'name' || i, '%1$s' || i, '%1$s-1234', '%1$s',
          '{"k": "%1$s"}' FROM generate_series(1, 20) i;
        CREATE TABLE orders (id int, customer int, note text);
        INSERT INTO orders VALUES (1, 1, 'plain'), (2, 2, 'plain');
        CREATE TABLE people (id int, email text) PARTITION BY RANGE (id);
        CREATE TABLE people_a PARTITION OF people FOR VALUES FROM (0) TO (10);
        CREATE TABLE people_b (email text, id int);
        ALTER TABLE people ATTACH PARTITION people_b FOR VALUES FROM (10) TO (20);
        INSERT INTO people VALUES (1, '%1$s'), (11, '%1$s');
        CREATE TABLE root (id int, email text);
        CREATE TABLE base () INHERITS (root);
        CREATE TABLE leaf (extra int) INHERITS (base);
        INSERT INTO base VALUES (1, '%1$s'); INSERT INTO leaf VALUES (2, '%1$s', 3);
        CREATE VIEW v_plain AS SELECT * FROM customers;
        CREATE VIEW v_join AS SELECT o.id AS order_id, o.note, c.email, c.id FROM orders o
          JOIN customers c ON c.id = o.customer;
        CREATE VIEW v_renamed (id, name, email) AS SELECT id, email, name FROM customers;
        CREATE VIEW v_computed AS SELECT id, name, concat(email, '') AS email FROM customers;
        CREATE VIEW v_nested AS SELECT id, name, email FROM v_renamed WHERE id > 0;
        CREATE VIEW v_union AS SELECT id, name AS email FROM customers UNION ALL
          SELECT id, email FROM customers;
        CREATE VIEW v_inner AS SELECT id, (SELECT c.email FROM customers c WHERE c.id = o.id)
          AS email FROM customers o;
        CREATE VIEW v_row AS SELECT c.id, c AS whole, (c).email FROM customers c;
        CREATE VIEW v_partition AS SELECT * FROM people_b;
        CREATE MATERIALIZED VIEW m_customers AS SELECT id, name, email FROM customers;
        CREATE FUNCTION all_customers() RETURNS SETOF customers LANGUAGE sql
          AS 'SELECT * FROM customers';
        CREATE TABLE copies (id int, email text);
        CREATE STATISTICS pairs ON name, email FROM customers;
        ANALYZE
        """
            .formatted(MARKER));
    client = new MaskedClient(server, database, MASKING);
  }

  @AfterAll
  static void stop() {
    client.close();
  }

  @AfterEach
  void forget() throws IOException {
    client.prepare("ROLLBACK; DEALLOCATE ALL");
    client.reload();
  }

  private static boolean showsMarker(byte @Nullable [] value) {
    if (value == null) {
      return false;
    }
    var text = new String(value, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
    return text.contains(MARKER) || text.contains(MARKER_HEX);
  }

  private static void assertHidden(String text, MaskedClient.Result result) {
    assertThat(result.values()).as(text).noneMatch(MaskedResultsTest::showsMarker);
    var error = result.error();
    assertThat(error == null || !showsMarker(error.getBytes(StandardCharsets.UTF_8)))
        .as("the error of %s", text)
        .isTrue();
  }

  private static final List<String> EXPRESSIONS =
      List.of(
          "email",
          "email AS id",
          "email::text",
          "email::varchar",
          "email::varchar(100)",
          "email::name",
          "email || ''",
          "upper(email)",
          "left(email, 50)",
          "(email)",
          "CASE WHEN true THEN email END",
          "coalesce(email, '')",
          "nullif(email, '')",
          "greatest(email, '')",
          "ARRAY[email]",
          "ROW(email)",
          "ROW(email, t.id)::text",
          "(SELECT t.email)",
          "(SELECT x FROM (VALUES (t.email)) AS v (x))",
          "to_json(email)",
          "to_jsonb(email)",
          "jsonb_build_object('a', email)",
          "JSON_OBJECT('a': email)",
          "format('%s', email)",
          "email COLLATE \"C\"",
          "min(email)",
          "max(email) FILTER (WHERE true)",
          "string_agg(email, ',')",
          "array_agg(email)",
          "json_agg(t)",
          "jsonb_agg(to_jsonb(t))",
          "first_value(email) OVER ()",
          "lag(email, 0) OVER (ORDER BY email)",
          "regexp_replace(email, '^q', '')",
          "quote_literal(email)",
          "substring(email from 1)",
          "xmlelement(name a, email)",
          "XMLFOREST(email AS b)",
          "row_to_json(t)",
          "t",
          "t.*",
          "t::text",
          "to_jsonb(t) ->> 'email'",
          "(t).email",
          "(t).*",
          "convert_to(email, 'UTF8')",
          "encode(convert_to(email, 'UTF8'), 'hex')",
          "unnest(ARRAY[email])",
          "regexp_split_to_table(email, '#')",
          "DISTINCT email",
          "DISTINCT ON (email) email, 1",
          "jsonb_each_text(to_jsonb(t))",
          "hstore_like.value",
          "mode() WITHIN GROUP (ORDER BY email)",
          "percentile_disc(0.5) WITHIN GROUP (ORDER BY email)",
          "to_tsvector('simple', email)",
          "ts_debug(email)",
          "md5(email), email");

  private static final List<String> SOURCES =
      List.of(
          "customers t",
          "ONLY customers t",
          "public.customers AS t",
          "(SELECT * FROM customers) t",
          "(SELECT DISTINCT id, email FROM customers) t",
          "(TABLE customers) t",
          "(SELECT * FROM customers UNION ALL SELECT * FROM customers) t",
          "(SELECT id, email FROM customers INTERSECT SELECT id, email FROM customers) t",
          "(WITH q AS (SELECT * FROM customers) SELECT * FROM q) t",
          "(WITH q AS MATERIALIZED (SELECT id, email FROM customers) TABLE q) t",
          "(WITH RECURSIVE q (id, email) AS (SELECT 1, c.email FROM customers c WHERE c.id = 1"
              + " UNION ALL SELECT q.id + 1, q.email FROM q WHERE q.id < 3) TABLE q) t",
          "(SELECT (c).* FROM customers c) t",
          "orders o, LATERAL (SELECT * FROM customers) t",
          "customers c JOIN customers t USING (id)",
          "orders o LEFT JOIN customers t ON true",
          "jsonb_to_recordset((SELECT jsonb_agg(to_jsonb(c)) FROM customers c))"
              + " AS t (id int, email text)",
          "unnest((SELECT array_agg(c) FROM customers c)) t",
          "all_customers() t",
          "customers AS t (id, x, email)",
          "(SELECT id, name, card AS email FROM customers) t",
          "(SELECT id, loud AS email FROM customers) t",
          "(SELECT id, soft AS email FROM customers) t",
          "(SELECT id, encode(blob, 'escape') AS email FROM customers) t",
          "(SELECT id, notes::text AS email FROM customers) t",
          "people t",
          "people_a t",
          "people_b t",
          "root t",
          "base t",
          "leaf t",
          "ONLY root t",
          "v_plain t",
          "v_join t",
          "v_renamed AS t (id, email)",
          "v_computed t",
          "v_nested t",
          "(SELECT id, name AS email FROM v_nested) t",
          "v_union t",
          "v_inner t",
          "v_row t",
          "v_partition t",
          "m_customers t",
          "(customers CROSS JOIN orders) AS t",
          "customers t TABLESAMPLE SYSTEM (100)",
          "ROWS FROM (jsonb_to_recordset((SELECT jsonb_agg(to_jsonb(c)) FROM customers c))"
              + " AS (id int, email text)) AS t",
          "JSON_TABLE((SELECT jsonb_agg(to_jsonb(c)) FROM customers c), '$[*]'"
              + " COLUMNS (id int PATH '$.id', email text PATH '$.email')) t");

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void noShapeOfAQueryShowsAMaskedValue(boolean binary) {
    int answered = 0;
    for (String source : SOURCES) {
      for (String expression : EXPRESSIONS) {
        var text = "SELECT %s FROM %s".formatted(expression, source);
        var result = client.run(text, binary);
        assertHidden(text, result);
        answered += result.error() == null ? 1 : 0;
      }
    }
    // Some pairs do not fit together; if most did not, nothing would be shown by this.
    assertThat(answered).isGreaterThan(SOURCES.size() * EXPRESSIONS.size() * 3 / 4);
  }

  private static Stream<String> statements() {
    return Stream.of(
        "INSERT INTO customers (id, email) VALUES (100, 'zqmarkerqz') RETURNING *",
        "INSERT INTO customers (id, email) VALUES (1, 'zqmarkerqz')",
        "INSERT INTO customers (id, email) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE"
            + " SET name = 'n' RETURNING email, customers, id || email",
        "UPDATE customers SET name = 'x' RETURNING email, id",
        "UPDATE customers SET name = 'x' RETURNING old.email, new.email || ''",
        "UPDATE orders SET note = c.email FROM customers c RETURNING note, c.email, orders.*, c",
        "DELETE FROM customers RETURNING *, email || ''",
        "DELETE FROM people RETURNING email",
        "MERGE INTO orders o USING customers c ON o.id = c.id WHEN MATCHED THEN UPDATE"
            + " SET note = 'y' RETURNING c.email, merge_action(), c.*",
        "WITH d AS (DELETE FROM customers RETURNING *) SELECT d.email, d FROM d",
        "EXPLAIN (VERBOSE) SELECT * FROM customers WHERE email = 'zqmarkerqz'",
        "EXPLAIN ANALYZE SELECT * FROM customers WHERE email > 'a'",
        "SELECT most_common_vals, histogram_bounds FROM pg_stats WHERE tablename = 'customers'",
        "SELECT most_common_vals::text FROM pg_stats",
        "SELECT to_jsonb(s) FROM pg_stats s",
        "SELECT * FROM pg_stats_ext",
        "SELECT m.* FROM pg_statistic_ext_data, pg_mcv_list_items(stxdmcv) m",
        "SELECT stavalues1::text, stavalues2::text FROM pg_statistic",
        "SELECT query, 'zqmarkerqz' FROM pg_stat_activity",
        "SELECT (pg_stat_get_activity(NULL)).query, 'zqmarkerqz'",
        "SELECT pg_stat_get_backend_activity(s), 'zqmarkerqz' FROM pg_stat_get_backend_idset() s",
        "SELECT query_to_xml('SELECT * FROM customers', true, true, '')",
        "SELECT table_to_xml('customers', true, true, '')",
        "SELECT database_to_xml(true, true, '')",
        "SELECT schema_to_xml('public', true, true, '')",
        "SELECT * FROM ts_stat('SELECT to_tsvector(''simple'', email) FROM customers')",
        "SELECT * FROM XMLTABLE('//row' PASSING query_to_xml('TABLE customers', true, false, '')"
            + " COLUMNS email text PATH 'email')",
        "SELECT 1 FROM customers WHERE email::int > 0",
        "SELECT * FROM customers WHERE (email || id)::date > now()",
        "SELECT CAST(email AS int) FROM v_nested",
        "SELECT email FROM customers ORDER BY email FETCH FIRST 2 ROWS WITH TIES",
        "VALUES ((SELECT email FROM customers LIMIT 1))",
        "TABLE customers",
        "SELECT EXISTS (SELECT 1), (SELECT email FROM customers LIMIT 1)",
        "SELECT 1 AS a, customers FROM customers",
        "SELECT c.tableoid::regclass, c.* FROM customers c",
        "SELECT email FROM customers FOR UPDATE",
        "SELECT * FROM (SELECT count(*), email FROM customers GROUP BY ROLLUP (email)) x");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void noStatementShowsAMaskedValue(boolean binary) {
    for (String text : statements().toList()) {
      client.prepare("BEGIN");
      assertHidden(text, client.run(text, binary));
      client.prepare("ROLLBACK");
    }
  }

  @Test
  void cursorsAndPreparedStatementsAreMaskedAsTheirQueries() {
    client.prepare("BEGIN");
    assertHidden(
        "DECLARE", client.run("DECLARE c CURSOR FOR SELECT email || '' FROM v_nested", false));
    assertHidden("FETCH", client.run("FETCH 2 FROM c", false));
    assertHidden("PREPARE", client.run("PREPARE p AS SELECT lower(name) FROM v_nested", false));
    assertHidden("EXECUTE", client.run("EXECUTE p", false));
    assertHidden("portal", client.run("FETCH ALL FROM c", true));
  }

  @Test
  void whatTheSessionJustMadeIsMasked() throws IOException {
    client.prepare("BEGIN; CREATE TEMP VIEW made AS SELECT email FROM v_nested");
    assertHidden("before it is known", client.run("SELECT email, email || '' FROM made", false));
    assertHidden("before it is known", client.run("SELECT * FROM made", true));
    client.reload();
    assertHidden("when it is known", client.run("SELECT email, email || '' FROM made", true));
    assertHidden(
        "in one text",
        client.run(
            "CREATE TEMP TABLE t AS TABLE customers; SELECT email, email||'' FROM t", false));
  }

  @Test
  void toastedValuesAreMaskedWhereTheyAreStored() throws IOException {
    client.prepare(
        """
        BEGIN; ALTER TABLE customers ALTER email SET STORAGE EXTERNAL;
        UPDATE customers SET email = repeat('zqmarkerqz', 1000) WHERE id = 1
        """);
    client.reload();
    var toast =
        client.catalogue().relations().stream()
            .filter(relation -> relation.schema().equals("pg_toast"))
            .filter(relation ->
                relation
                    .reads()
                    .contains(
                        client.catalogue().relation("public", "customers").orElseThrow().oid()))
            .findFirst()
            .orElseThrow();
    for (String text : List.of("SELECT * FROM %s", "SELECT encode(chunk_data, 'hex') FROM %s")) {
      var result = client.run(text.formatted(toast.qualifiedName()), false);
      assertThat(result.values()).isNotEmpty();
      assertHidden(text, result);
    }
  }

  @Test
  void aRenamedColumnHidesTheWholeRelation() throws IOException {
    client.prepare("BEGIN; ALTER TABLE customers RENAME email TO mail");
    client.reload();
    assertHidden("renamed", client.run("SELECT mail, id FROM customers", false));
  }

  @Test
  void whatIsNotMaskedIsShown() {
    assertThat(
            client.run("SELECT id, name, email, card FROM customers WHERE id = 3", false).texts())
        .containsExactly("3", "name3", "***", "***********1234");
    assertThat(client.run("SELECT id, email FROM v_renamed WHERE id = 3", false).texts())
        .containsExactly("3", "name3");
    assertThat(client.run("SELECT order_id, note, email FROM v_join WHERE id = 1", false).texts())
        .containsExactly("1", "plain", "***");
    assertThat(client.run("SELECT count(*), upper(note) FROM orders GROUP BY note", false).texts())
        .containsExactly("2", "PLAIN");
    assertThat(client.run("SELECT id, email FROM root ORDER BY id", false).texts())
        .containsExactly("1", null, "2", null);
    assertThat(client.run("SELECT notes FROM customers WHERE id = 1", false).texts())
        .containsExactly("\"***\"");
    assertThat(client.run("SELECT count(*) FROM customers", false).texts())
        .containsExactly((String) null);
    assertThat(client.run("SELECT version() IS NULL", false).texts()).containsExactly("f");
    assertThat(client.run("SELECT ctid, id FROM customers WHERE id = 1", false).shown())
        .isEqualTo(2);
    assertThat(client.run("SELECT 1/0 FROM orders", false).error()).contains("division by zero");
  }

  @Test
  void equalValuesHashEqualInBothFormats() {
    var text = client.run("SELECT blob FROM customers WHERE id = 1", false).texts();
    var binary = client.run("SELECT blob FROM customers WHERE id = 2", true).values().getFirst();
    assertThat(text.getFirst()).isEqualTo("\\x" + HexFormat.of().formatHex(binary));
  }
}
