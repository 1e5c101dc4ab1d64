/**
 * Turns the grammar's WebAssembly module into JVM classes, at build time; never shipped. Endive
 * compiles most functions; those too long for the JVM's just-in-time compiler, PostgreSQL's parser
 * tables among them, are split here into many short methods.
 */
@NullMarked
package dev.chaperone.sql.compiler;

import org.jspecify.annotations.NullMarked;
