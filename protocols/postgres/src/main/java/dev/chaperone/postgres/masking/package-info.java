/**
 * Which columns of a result are masked, and how a value of each type is. Pure: no I/O, no clock, no
 * logging.
 */
@NullMarked
package dev.chaperone.postgres.masking;

import org.jspecify.annotations.NullMarked;
