/** One unit of work, by shape and not by protocol. Pure: no I/O, no clock, no logging. */
@NullMarked
package dev.chaperone.core.command;

import org.jspecify.annotations.NullMarked;
