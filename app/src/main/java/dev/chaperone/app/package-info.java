/**
 * The program: the only place that sees every module and puts them together, by plain constructors.
 */
@NullMarked
package dev.chaperone.app;

import org.jspecify.annotations.NullMarked;
