package dev.chaperone.postgres.masking;

/**
 * A column of a RowDescription.
 *
 * @param name as the result names it
 * @param table the OID of the relation it comes from, an unsigned 32-bit number; 0 for none
 * @param number its {@code attnum} there; 0 for the whole row or none
 * @param type the type's OID
 */
public record ResultColumn(String name, long table, int number, long type) {}
