package dev.chaperone.postgres.session;

import dev.chaperone.postgres.copy.UnreadableCopyException;
import dev.chaperone.sql.Name;
import dev.chaperone.sql.Reading;
import dev.chaperone.sql.StatementKind;
import java.util.function.Function;

/** What the server is asked so that the columns of a COPY TO are known. */
final class CopyQuery {
  /** What stands behind a query, namely COPY's options, has few parentheses. */
  private static final int MOST_TRIES = 16;

  private CopyQuery() {}

  /**
   * The text of the query within a COPY, cut out where the grammar says that what is cut out is the
   * very same query: a parenthesis may stand in a text or a comment.
   *
   * @param copy the text of the COPY
   * @param digest the digest of its query's tree
   */
  static String of(String copy, String digest, Function<String, Reading> grammar)
      throws UnreadableCopyException {
    int tries = 0;
    int open = copy.indexOf('(');
    while (open >= 0 && tries < MOST_TRIES) {
      int close = copy.lastIndexOf(')');
      while (close > open && tries < MOST_TRIES) {
        tries++;
        var query = copy.substring(open + 1, close);
        if (digest.equals(digestOf(query, grammar))) {
          return query;
        }
        close = copy.lastIndexOf(')', close - 1);
      }
      open = copy.indexOf('(', open + 1);
    }
    throw new UnreadableCopyException("its query cannot be told from its text");
  }

  private static String digestOf(String query, Function<String, Reading> grammar) {
    // The line end closes a comment at the query's end; the server is given the query alone.
    return grammar.apply("COPY (" + query + "\n) TO STDOUT")
                instanceof Reading.Understood(var statements)
            && statements.size() == 1
            && statements.getFirst().kind() instanceof StatementKind.Copy copy
            && copy.queryDigest() != null
        ? copy.queryDigest()
        : "";
  }

  /** Asks for name, relation, number and type of each column, as COPY takes them. */
  static String columnsOf(Name relation) {
    var name = relation.schema() == null ? "" : quoted(relation.schema(), '"') + ".";
    name += quoted(relation.name(), '"');
    return "SELECT attname::pg_catalog.text, attrelid::pg_catalog.text, attnum::pg_catalog.text,"
        + " atttypid::pg_catalog.text FROM pg_catalog.pg_attribute WHERE attrelid"
        + " OPERATOR(pg_catalog.=) pg_catalog.to_regclass("
        + quoted(name, '\'')
        + ") AND attnum OPERATOR(pg_catalog.>) 0::pg_catalog.int2 AND NOT attisdropped AND"
        + " attgenerated OPERATOR(pg_catalog.=) ''::pg_catalog.\"char\" ORDER BY attnum";
  }

  private static String quoted(String text, char quote) {
    var mark = String.valueOf(quote);
    return mark + text.replace(mark, mark + mark) + mark;
  }
}
