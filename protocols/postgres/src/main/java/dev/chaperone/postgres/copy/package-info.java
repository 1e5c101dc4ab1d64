/**
 * The rows of COPY TO STDOUT, decoded as they pass so that masked columns are masked. Pure: no I/O,
 * no clock, no logging.
 */
@NullMarked
package dev.chaperone.postgres.copy;

import org.jspecify.annotations.NullMarked;
