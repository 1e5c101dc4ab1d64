/** Tests of the order that the gate keeps, and of the entries that it leaves. */
@NullMarked
package dev.chaperone.core.gate;

import org.jspecify.annotations.NullMarked;
