package dev.chaperone.postgres.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chaperone.sql.Name;
import dev.chaperone.testing.TestPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is read of a real server. */
class CatalogueTest {
  private static final SearchPath PUBLIC = SearchPath.of("app", "$user", "public");

  private static Connection app;
  private static String database;
  private static Catalogue catalogue;

  @BeforeAll
  static void load() throws SQLException, IOException {
    var server = TestPostgres.shared();
    database = server.createDatabase();
    server.run(
        database,
        "CREATE EXTENSION citext",
        "CREATE EXTENSION tablefunc",
        "CREATE EXTENSION file_fdw",
        "CREATE SERVER files FOREIGN DATA WRAPPER file_fdw",
        "CREATE FOREIGN TABLE public.far (line text) SERVER files OPTIONS (filename '/dev/null')",
        "CREATE SCHEMA closed",
        "CREATE TABLE closed.customers (other int)");
    app = server.app(database);
    run(
        """
        CREATE FUNCTION code() RETURNS int IMMUTABLE LANGUAGE plpgsql AS 'BEGIN RETURN 1; END';
        CREATE FUNCTION code(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS 'BEGIN RETURN 1; END';
        CREATE FUNCTION on_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        CREATE TABLE plain (id serial PRIMARY KEY, name text DEFAULT lower('X'),
          at timestamptz DEFAULT clock_timestamp(), CHECK (length(name) < 9));
        CREATE VIEW plain_view AS SELECT id, upper(name) AS loud, ctid AS place FROM plain;
        CREATE VIEW nested_view AS SELECT v.id AS number, v.* FROM plain_view v;
        CREATE TABLE generated (a text, b text GENERATED ALWAYS AS (a || 'x') STORED,
          c text GENERATED ALWAYS AS ('y') VIRTUAL);
        CREATE TABLE triggered (id int);
        CREATE TRIGGER t BEFORE INSERT ON triggered FOR EACH ROW EXECUTE FUNCTION on_change();
        CREATE TABLE checked (id int CHECK (id > code()));
        CREATE TABLE defaulted (id int DEFAULT code());
        CREATE TABLE indexed (id int);
        CREATE INDEX ON indexed (code(id));
        CREATE TABLE ruled (id int);
        CREATE RULE r AS ON INSERT TO ruled DO ALSO DELETE FROM plain;
        CREATE TABLE guarded (id int);
        ALTER TABLE guarded ENABLE ROW LEVEL SECURITY;
        CREATE POLICY p ON guarded USING (id = code());
        CREATE TABLE mildly_guarded (owner text);
        CREATE POLICY p ON mildly_guarded USING (owner = current_user);
        CREATE VIEW code_view AS SELECT code() AS c FROM plain;
        CREATE VIEW over_code_view AS SELECT * FROM code_view;
        CREATE VIEW file_view AS SELECT pg_read_file('x') AS f;
        CREATE VIEW query_view AS SELECT query_to_xml('SELECT 1', true, true, '') AS x;
        CREATE DOMAIN checked_domain AS int CHECK (VALUE > code());
        CREATE TABLE with_domain (d checked_domain[]);
        CREATE TABLE parent (id int, secret text) PARTITION BY RANGE (id);
        CREATE TABLE part PARTITION OF parent FOR VALUES FROM (0) TO (10);
        CREATE TABLE other_part PARTITION OF parent FOR VALUES FROM (10) TO (20);
        CREATE TABLE referenced (id int PRIMARY KEY);
        CREATE TABLE referring (id int REFERENCES referenced ON DELETE CASCADE);
        CREATE TABLE strictly_referring (id int REFERENCES referenced);
        CREATE TABLE customers (id int, email citext);
        CREATE TEMPORARY TABLE temporary (id int);
        """);
    catalogue = CatalogueLoader.load(new JdbcQuery(app));
  }

  @AfterAll
  static void close() throws SQLException {
    app.close();
  }

  private static void run(String sql) throws SQLException {
    try (var statement = app.createStatement()) {
      statement.execute(sql);
    }
  }

  private static Relation relation(String name) {
    return catalogue.relation("public", name).orElseThrow();
  }

  private static Set<String> reach(Relation relation) {
    return names(catalogue.reach(relation));
  }

  private static Set<String> names(Set<Relation> relations) {
    return relations.stream().map(Relation::name).collect(Collectors.toSet());
  }

  @Test
  void onlyTheServersOwnCodeIsNoCode() {
    assertThat(List.of("plain", "plain_view", "nested_view", "generated", "mildly_guarded"))
        .allSatisfy(name -> assertThat(relation(name).code()).isEqualTo(RunsCode.NEVER));
    assertThat(relation("customers").code()).isEqualTo(RunsCode.NEVER);
  }

  @Test
  void storedCodeOfUsersIsToldByWhenItRuns() {
    assertThat(relation("triggered").code()).isEqualTo(new RunsCode(false, true, false));
    assertThat(relation("ruled").code()).isEqualTo(new RunsCode(false, true, false));
    assertThat(relation("defaulted").code()).isEqualTo(new RunsCode(false, true, true));
    assertThat(relation("guarded").code()).isEqualTo(new RunsCode(true, true, false));
    assertThat(List.of("checked", "indexed", "code_view", "with_domain", "far"))
        .allSatisfy(name -> assertThat(relation(name).code().onRead()).isTrue());
  }

  @Test
  void builtInFunctionsThatDoMoreThanComputeAreCodeInAView() {
    assertThat(relation("file_view").code().onRead()).isTrue();
    assertThat(relation("query_view").code().onRead()).isTrue();
  }

  @Test
  void reachGoesThroughViewsPartitionsAndToParents() {
    assertThat(reach(relation("nested_view")))
        .containsExactlyInAnyOrder("nested_view", "plain_view", "plain");
    assertThat(reach(relation("over_code_view"))).contains("code_view", "plain");
    assertThat(reach(relation("parent"))).containsExactlyInAnyOrder("parent", "part", "other_part");
    assertThat(reach(relation("part"))).containsExactlyInAnyOrder("part", "parent");
    assertThat(reach(relation("plain_pkey"))).containsExactlyInAnyOrder("plain_pkey", "plain");
  }

  @Test
  void aToastTableReachesItsTable() {
    var toast =
        catalogue.relations().stream()
            .filter(each -> each.reads().contains(relation("plain").oid()))
            .filter(each -> each.kind() == RelationKind.TOAST_TABLE)
            .toList();
    assertThat(toast).hasSize(1);
    assertThat(catalogue.resolve(Name.of("pg_toast", toast.getFirst().name()), PUBLIC)).hasSize(1);
  }

  @Test
  void changesGoOnByForeignKeys() {
    assertThat(reach(relation("referenced"))).containsExactly("referenced");
    assertThat(names(catalogue.reachOfChange(relation("referenced"))))
        .containsExactlyInAnyOrder("referenced", "referring");
    assertThat(names(catalogue.reachOfTruncate(relation("referenced"))))
        .containsExactlyInAnyOrder("referenced", "referring", "strictly_referring");
  }

  @Test
  void originsOfViewColumnsAreTold() {
    var plain = relation("plain");
    var view = relation("plain_view");
    assertThat(view.origins())
        .containsEntry(1, Set.of(new ColumnId(plain.oid(), 1)))
        .containsEntry(2, Set.of(ColumnId.COMPUTED))
        .containsEntry(3, Set.of(new ColumnId(plain.oid(), -1)));
    assertThat(relation("nested_view").origins())
        .containsEntry(1, Set.of(new ColumnId(view.oid(), 1)))
        .containsEntry(3, Set.of(new ColumnId(view.oid(), 2)));
  }

  @Test
  void sourcesOfGeneratedColumnsAreTold() {
    var generated = relation("generated");
    assertThat(generated.origins())
        .containsOnly(java.util.Map.entry(2, Set.of(new ColumnId(generated.oid(), 1))));
  }

  @Test
  void namesAreFoundAsTheServerFindsThem() {
    assertThat(resolved("plain", PUBLIC)).containsExactly("public.plain");
    assertThat(resolved("pg_class", PUBLIC)).containsExactly("pg_catalog.pg_class");
    assertThat(resolved("plain", SearchPath.of("app", "closed"))).isEmpty();
    assertThat(resolved("nothing", PUBLIC)).isEmpty();
    assertThat(catalogue.resolve(Name.of("public", "nothing"), PUBLIC)).isEmpty();
    assertThat(resolved("temporary", PUBLIC)).hasSize(1);
    assertThat(catalogue.resolve(Name.of("pg_temp", "temporary"), PUBLIC)).hasSize(1);
  }

  @Test
  void aSchemaThatMayNotBeUsableLeavesBothMeanings() {
    // The role may not use "closed", which the server then passes over.
    var path = SearchPath.of("app", "closed", "public");
    assertThat(resolved("customers", path)).containsExactly("closed.customers", "public.customers");
    assertThat(resolved("customers", SearchPath.of("someone", "public", "closed")))
        .containsExactly("public.customers", "closed.customers");
    assertThat(resolved("customers", SearchPath.of("app", "public", "closed")))
        .containsExactly("public.customers");
  }

  @Test
  void anUnknownPathFindsEveryNamesake() {
    assertThat(resolved("customers", SearchPath.UNKNOWN))
        .containsExactlyInAnyOrder("closed.customers", "public.customers");
  }

  private static List<String> resolved(String name, SearchPath path) {
    return catalogue.resolve(Name.of(name), path).stream().map(Relation::qualifiedName).toList();
  }

  @Test
  void onlyExtensionsThatComputeAreHarmless() {
    assertThat(catalogue.functions(Name.of("citext_eq"), PUBLIC))
        .isNotEmpty()
        .allMatch(UserRoutine::harmless);
    assertThat(catalogue.operators(Name.of("="), PUBLIC))
        .isNotEmpty()
        .allMatch(UserRoutine::harmless);
    assertThat(catalogue.functions(Name.of("crosstab"), PUBLIC))
        .isNotEmpty()
        .noneMatch(UserRoutine::harmless);
    assertThat(catalogue.functions(Name.of("code"), PUBLIC))
        .hasSize(2)
        .noneMatch(UserRoutine::harmless);
    assertThat(catalogue.functions(Name.of("code"), SearchPath.of("app", "closed"))).isEmpty();
  }

  @Test
  void aFunctionAddedToAnExtensionByItsOwnerIsNotHarmless() throws SQLException, IOException {
    var server = TestPostgres.shared();
    var own = server.createDatabase();
    try (var connection = server.app(own);
        var statement = connection.createStatement()) {
      // A trusted extension belongs to whoever made it, its functions to the superuser.
      statement.execute("CREATE EXTENSION citext");
      statement.execute("CREATE FUNCTION evil() RETURNS int LANGUAGE sql AS 'SELECT 1'");
      statement.execute("ALTER EXTENSION citext ADD FUNCTION evil()");
      var loaded = CatalogueLoader.load(new JdbcQuery(connection));
      assertThat(loaded.functions(Name.of("evil"), PUBLIC)).noneMatch(UserRoutine::harmless);
      assertThat(loaded.functions(Name.of("citext_eq"), PUBLIC)).allMatch(UserRoutine::harmless);
    }
  }

  @Test
  void noSearchPathMakesTheQueriesRunUsersCode() throws SQLException, IOException {
    var server = TestPostgres.shared();
    var own = server.createDatabase();
    try (var connection = server.app(own);
        var statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t (id int); CREATE SCHEMA trap");
      var body = "LANGUAGE plpgsql AS 'BEGIN RAISE ''trap''; END'";
      for (String arguments :
          List.of(
              "oid, oid",
              "\"char\", \"char\"",
              "text, text",
              "name, text",
              "name, name",
              "int2, int2")) {
        statement.execute("CREATE FUNCTION trap.f(%s) RETURNS bool %s".formatted(arguments, body));
      }
      statement.execute("CREATE FUNCTION trap.current_database() RETURNS name " + body);
      statement.execute("CREATE TABLE trap.pg_class (oid oid)");
      for (String operator : List.of("=", "<>", ">", "<", ">=", "<=", "~")) {
        for (String type : List.of("oid", "\"char\"", "text", "name", "int2")) {
          var right = type.equals("name") && operator.equals("~") ? "text" : type;
          statement.execute(
              "CREATE OPERATOR trap.%s (LEFTARG = %s, RIGHTARG = %s, FUNCTION = trap.f)"
                  .formatted(operator, type, right));
        }
      }
      statement.execute("SET search_path = trap, pg_catalog");
      assertThatThrownBy(() -> statement.execute("SELECT 1 FROM pg_proc WHERE oid = 1::oid"))
          .hasMessageContaining("trap");
      statement.execute("SET standard_conforming_strings = off");
      var loaded = CatalogueLoader.load(new JdbcQuery(connection));
      assertThat(loaded.relation("public", "t")).isPresent();
      assertThat(loaded.operators(Name.of("="), SearchPath.of("app", "trap"))).hasSize(5);
    }
  }

  @Test
  void aCastThatNobodyNamesIsFound() throws SQLException, IOException {
    var server = TestPostgres.shared();
    var own = server.createDatabase();
    try (var connection = server.app(own);
        var statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t (id int)");
      statement.execute(
          "CREATE FUNCTION evil(t) RETURNS text LANGUAGE plpgsql AS 'BEGIN RETURN 1; END'");
      statement.execute("CREATE CAST (t AS text) WITH FUNCTION evil(t) AS IMPLICIT");
      var loaded = CatalogueLoader.load(new JdbcQuery(connection));
      assertThat(loaded.types(Name.of("t"))).singleElement().matches(TypeInfo::runsCode);
      assertThat(loaded.relation("public", "t").orElseThrow().code().onRead()).isTrue();
      assertThat(loaded.attributeFunctions("evil", PUBLIC)).hasSize(1);
      assertThat(loaded.hasUserCastsOfBuiltInTypes()).isFalse();
    }
  }

  @Test
  void tooMuchIsAClearFailure() {
    assertThatThrownBy(() -> CatalogueLoader.load(new JdbcQuery(app), 50, 50))
        .isInstanceOf(CatalogueTooLargeException.class)
        .hasMessage("the database has more than 50 relations, too many to be controlled");
  }

  @Test
  void anAnswerThatCannotBeReadIsAFailure() {
    assertThatThrownBy(() -> CatalogueLoader.load(_ -> List.of(List.of("x"))))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> CatalogueLoader.load(_ -> List.of())).isInstanceOf(IOException.class);
  }
}
