/**
 * PostgreSQL's parse tree as plain nodes, checked against the grammar's own description of them.
 */
@NullMarked
package dev.chaperone.sql.tree;

import org.jspecify.annotations.NullMarked;
