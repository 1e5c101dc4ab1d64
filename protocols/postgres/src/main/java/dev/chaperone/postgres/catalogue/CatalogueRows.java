package dev.chaperone.postgres.catalogue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of one of the catalogue's queries, with their values read strictly. */
final class CatalogueRows {
  private CatalogueRows() {}

  /** One row. */
  record Row(List<@Nullable String> values) {
    /** A value that is never NULL. */
    String text(int at) throws IOException {
      var value = at < values.size() ? values.get(at) : null;
      if (value == null) {
        throw new IOException("the catalogue lacks a value");
      }
      return value;
    }

    /** A value, or null for NULL. */
    @Nullable String textOrNull(int at) {
      return at < values.size() ? values.get(at) : null;
    }

    boolean flag(int at) throws IOException {
      return text(at).equals("t");
    }

    /** A number, 0 for NULL. */
    long number(int at) throws IOException {
      var value = textOrNull(at);
      return value == null ? 0 : parse(value);
    }

    /** Words with blanks between them; none for NULL. */
    List<String> words(int at) {
      var value = textOrNull(at);
      return value == null || value.isEmpty() ? List.of() : List.of(value.split(" ", -1));
    }

    /** Numbers with blanks between them; none for NULL. */
    List<Long> numbers(int at) throws IOException {
      var numbers = new ArrayList<Long>();
      for (String word : words(at)) {
        numbers.add(parse(word));
      }
      return numbers;
    }

    private static long parse(String value) throws IOException {
      try {
        return Long.parseLong(value);
      } catch (NumberFormatException e) {
        throw new IOException("the catalogue has no number where one must be", e);
      }
    }
  }

  /** Runs a query that may have so many rows at most; {@code what} names them in an error. */
  static List<Row> of(OwnQuery query, String sql, String what, int most) throws IOException {
    var rows = query.run(sql + " LIMIT " + (most + 1));
    if (rows.size() > most) {
      throw new CatalogueTooLargeException(what, most);
    }
    return rows.stream().map(Row::new).toList();
  }
}
