/** Replacing field values in responses. Pure: no I/O, no clock, no logging. */
@NullMarked
package dev.chaperone.core.masking;

import org.jspecify.annotations.NullMarked;
