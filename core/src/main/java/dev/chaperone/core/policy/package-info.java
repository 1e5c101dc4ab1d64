/**
 * Rules that turn circumstances and a command into a verdict. Pure: no I/O, no clock, no logging.
 */
@NullMarked
package dev.chaperone.core.policy;

import org.jspecify.annotations.NullMarked;
