/** The one place that knows the order: decide, hold, record, release, mask, record, return. */
@NullMarked
package dev.chaperone.core.gate;

import org.jspecify.annotations.NullMarked;
