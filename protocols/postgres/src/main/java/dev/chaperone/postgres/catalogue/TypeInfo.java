package dev.chaperone.postgres.catalogue;

/**
 * A data type.
 *
 * @param oid its OID
 * @param schema the schema's name
 * @param name as stored, unquoted
 * @param textLike whether every text is a value of it, in both formats as UTF-8
 * @param runsCode whether using it runs code of a user's: its functions, its casts, the checks of a
 *     domain, or those of a type within it
 */
public record TypeInfo(long oid, String schema, String name, boolean textLike, boolean runsCode) {}
