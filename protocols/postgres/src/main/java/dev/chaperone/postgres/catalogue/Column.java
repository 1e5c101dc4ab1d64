package dev.chaperone.postgres.catalogue;

/**
 * A column of a relation.
 *
 * @param number its {@code attnum}, from 1
 * @param name as stored, unquoted
 * @param type the type's OID
 */
public record Column(int number, String name, long type) {}
