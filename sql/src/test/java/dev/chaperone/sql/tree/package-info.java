/** Tests of the parse tree's reader. */
@NullMarked
package dev.chaperone.sql.tree;

import org.jspecify.annotations.NullMarked;
