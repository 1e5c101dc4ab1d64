/** The immutable configuration that the data plane works on, swapped as a whole. */
@NullMarked
package dev.chaperone.core.snapshot;

import org.jspecify.annotations.NullMarked;
