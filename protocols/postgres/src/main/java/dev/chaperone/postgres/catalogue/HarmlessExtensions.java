package dev.chaperone.postgres.catalogue;

import java.util.Set;

/**
 * Extensions whose functions and operators do no more than compute a value from their arguments.
 *
 * <p>Without them a database that has citext would know no {@code =} that is surely harmless. The
 * name alone proves nothing, since an extension's owner may add functions to it: a function counts
 * only when a superuser owns it too. Left out on purpose are those that run a text as SQL
 * (tablefunc, xml2), reach elsewhere (dblink, the foreign data wrappers), touch files (adminpack),
 * change data by triggers (lo, spi) or show what others ran (pg_stat_statements).
 */
final class HarmlessExtensions {
  private static final Set<String> NAMES =
      Set.of(
          "btree_gin",
          "btree_gist",
          "citext",
          "cube",
          "dict_int",
          "dict_xsyn",
          "earthdistance",
          "fuzzystrmatch",
          "hstore",
          "intagg",
          "intarray",
          "isn",
          "ltree",
          "pg_trgm",
          "pgcrypto",
          "seg",
          "unaccent",
          "uuid-ossp",
          "vector");

  private HarmlessExtensions() {}

  static boolean includes(String extension) {
    return NAMES.contains(extension);
  }
}
