package dev.chaperone.postgres.catalogue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the server looks for names without a schema.
 *
 * @param known whether the path is known; if not, a name may be found in any schema
 * @param schemas the entries in order, unquoted; {@code $user} stands for the current role
 * @param role the current role, which {@code $user} stands for
 */
public record SearchPath(boolean known, List<String> schemas, String role) {
  /** One less than NAMEDATALEN of PostgreSQL's pg_config_manual.h. */
  private static final int LONGEST_NAME_BYTES = 63;

  /** A path that is not known. */
  public static final SearchPath UNKNOWN = new SearchPath(false, List.of(), "");

  public SearchPath {
    schemas = List.copyOf(schemas);
  }

  /** These schemas, in order. */
  public static SearchPath of(String role, String... schemas) {
    return new SearchPath(true, List.of(schemas), role);
  }

  /**
   * Reads the setting's value as {@code SHOW search_path} gives it: identifiers with commas between
   * them, folded to lower case unless in double quotes (SplitIdentifierString of PostgreSQL's
   * varlena.c). A value that it cannot read is {@link #UNKNOWN}.
   */
  public static SearchPath parse(String value, String role) {
    var schemas = new ArrayList<String>();
    int at = skipBlanks(value, 0);
    if (at == value.length()) {
      return new SearchPath(true, schemas, role);
    }
    while (true) {
      var entry = new StringBuilder();
      boolean quoted = value.charAt(at) == '"';
      at = quoted ? quoted(value, at + 1, entry) : plain(value, at, entry);
      // The server cuts longer names; an empty one needs its quotes.
      if (at < 0 || (entry.isEmpty() && !quoted) || utf8Length(entry) > LONGEST_NAME_BYTES) {
        return UNKNOWN;
      }
      schemas.add(entry.toString());
      at = skipBlanks(value, at);
      if (at == value.length()) {
        return new SearchPath(true, schemas, role);
      }
      at = value.charAt(at) == ',' ? skipBlanks(value, at + 1) : value.length();
      if (at == value.length()) {
        return UNKNOWN;
      }
    }
  }

  /** The schemas that are searched, in order, for relations or (else) for all other objects. */
  List<String> effective(boolean relations, String ownTemporarySchema) {
    var order = new ArrayList<String>();
    for (String entry : schemas) {
      order.add(
          switch (entry) {
            case "$user" -> role;
            case "pg_temp" -> ownTemporarySchema;
            default -> entry;
          });
    }
    if (!order.contains("pg_catalog")) {
      order.addFirst("pg_catalog");
    }
    if (!order.contains(ownTemporarySchema)) {
      order.addFirst(ownTemporarySchema);
    }
    // Functions and operators are never looked for in the temporary schema, even when it is listed.
    if (!relations) {
      order.removeIf(ownTemporarySchema::equals);
    }
    return order;
  }

  private static int utf8Length(StringBuilder entry) {
    return entry.toString().getBytes(StandardCharsets.UTF_8).length;
  }

  private static int plain(String value, int from, StringBuilder entry) {
    int at = from;
    while (at < value.length() && value.charAt(at) != ',' && !isBlank(value.charAt(at))) {
      char next = value.charAt(at++);
      // The server folds other letters only in single-byte encodings.
      entry.append(next >= 'A' && next <= 'Z' ? (char) (next + 'a' - 'A') : next);
    }
    return at;
  }

  private static int quoted(String value, int from, StringBuilder entry) {
    int at = from;
    while (at < value.length()) {
      char next = value.charAt(at++);
      if (next != '"') {
        entry.append(next);
      } else if (at < value.length() && value.charAt(at) == '"') {
        entry.append('"');
        at++;
      } else {
        return at;
      }
    }
    return -1;
  }

  private static int skipBlanks(String value, int from) {
    int at = from;
    while (at < value.length() && isBlank(value.charAt(at))) {
      at++;
    }
    return at;
  }

  private static boolean isBlank(char next) {
    return next == ' ' || next == '\t' || next == '\n' || next == '\r' || next == '\f';
  }
}
