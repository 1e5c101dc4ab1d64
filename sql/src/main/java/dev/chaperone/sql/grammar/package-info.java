/** PostgreSQL's own parser, from its WebAssembly module: text in, parse tree or error out. */
@NullMarked
package dev.chaperone.sql.grammar;

import org.jspecify.annotations.NullMarked;
