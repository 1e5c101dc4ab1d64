/** What must be found quickly, derived from the journal: deleted, it is made again. */
@NullMarked
package dev.chaperone.control.projection;

import org.jspecify.annotations.NullMarked;
