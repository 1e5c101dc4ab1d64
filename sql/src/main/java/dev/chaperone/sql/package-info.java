/**
 * What a PostgreSQL statement means, told from the parse tree of PostgreSQL 18's own grammar: what
 * it does (effects), what it touches (relations, functions, operators, types) and what it changes
 * in its session (settings, transactions, prepared statements, cursors). {@link
 * dev.chaperone.sql.SqlReader} is the only entry.
 *
 * <p>What cannot be told is said to be unknown, never guessed.
 */
@NullMarked
package dev.chaperone.sql;

import org.jspecify.annotations.NullMarked;
