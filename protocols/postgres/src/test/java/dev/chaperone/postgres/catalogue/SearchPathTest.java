package dev.chaperone.postgres.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaperone.testing.TestPostgres;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The path is read as the server reads it. */
class SearchPathTest {
  @Test
  void valuesAreReadAsTheServerReadsThem() {
    assertThat(SearchPath.parse("\"$user\", public", "app").schemas())
        .containsExactly("$user", "public");
    assertThat(SearchPath.parse("A,\"B\"\"C\" , d", "app").schemas())
        .containsExactly("a", "B\"C", "d");
    assertThat(SearchPath.parse("", "app")).isEqualTo(new SearchPath(true, List.of(), "app"));
    // What SET search_path = '' leaves.
    assertThat(SearchPath.parse("\"\"", "app").schemas()).containsExactly("");
    for (String broken : List.of(",", "a,", "a b", "\"a", "a,,b", "a".repeat(64))) {
      assertThat(SearchPath.parse(broken, "app")).as(broken).isEqualTo(SearchPath.UNKNOWN);
    }
  }

  @Test
  void whatTheServerTakesIsWhatItSearches() throws SQLException {
    long seed = System.nanoTime();
    var random = new Random(seed);
    var server = TestPostgres.shared();
    var database = server.createDatabase();
    server.run(database, "CREATE SCHEMA a", "CREATE SCHEMA \"B c\"", "CREATE SCHEMA \"d\"\"e\"");
    var pieces =
        List.of("a", "A", "\"a\"", "\"B c\"", "\"d\"\"e\"", "public", ",", ", ", " ,", " ", "\"");
    int taken = 0;
    try (var connection = server.superuser(database);
        var statement = connection.createStatement()) {
      for (int i = 0; i < 1000; i++) {
        var value = new StringBuilder();
        for (int left = random.nextInt(8); left > 0; left--) {
          value.append(pieces.get(random.nextInt(pieces.size())));
        }
        var read = SearchPath.parse(value.toString(), "postgres");
        try (var row =
            statement.executeQuery(
                "SELECT set_config('search_path', '%s', false)".formatted(value))) {
          row.next();
        } catch (SQLException e) {
          assertThat(read).as("%s, seed %d", value, seed).isEqualTo(SearchPath.UNKNOWN);
          continue;
        }
        var searched = new ArrayList<String>();
        try (var rows = statement.executeQuery("SELECT unnest(current_schemas(false))")) {
          while (rows.next()) {
            searched.add(rows.getString(1));
          }
        }
        assertThat(read.schemas().stream().distinct())
            .as("%s, seed %d", value, seed)
            .filteredOn(List.of("a", "B c", "d\"e", "public")::contains)
            .containsExactlyElementsOf(searched);
        taken++;
      }
    }
    assertThat(taken).isGreaterThan(100);
  }
}
