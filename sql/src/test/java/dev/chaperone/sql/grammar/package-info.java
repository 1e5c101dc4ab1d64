/** Tests of the compiled grammar. */
@NullMarked
package dev.chaperone.sql.grammar;

import org.jspecify.annotations.NullMarked;
