/**
 * What a statement means on one database in one session. Pure: no I/O, no clock, no logging.
 *
 * <p>What cannot be told is said to be unknown, never guessed.
 */
@NullMarked
package dev.chaperone.postgres.meaning;

import org.jspecify.annotations.NullMarked;
