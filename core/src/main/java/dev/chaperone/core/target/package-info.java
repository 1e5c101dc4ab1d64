/** What may be reached, and by which referenced credentials. */
@NullMarked
package dev.chaperone.core.target;

import org.jspecify.annotations.NullMarked;
