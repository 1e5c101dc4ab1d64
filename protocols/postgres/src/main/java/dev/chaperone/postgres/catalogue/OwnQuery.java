package dev.chaperone.postgres.catalogue;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs a query of the gateway's own on the session's connection to the database. */
@FunctionalInterface
public interface OwnQuery {
  /**
   * The rows of one query, in order, each value in PostgreSQL's text format ({@code t} and {@code
   * f} for booleans) or null for NULL. Blocks until the last row is read.
   *
   * @param sql one statement without parameters, which reads under any {@code search_path} and
   *     under either setting of {@code standard_conforming_strings}
   * @throws IOException when the connection fails or the server answers with an error
   */
  List<List<@Nullable String>> run(String sql) throws IOException;
}
