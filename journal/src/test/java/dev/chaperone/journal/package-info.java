/** Tests of the journal as its callers see it. */
@NullMarked
package dev.chaperone.journal;

import org.jspecify.annotations.NullMarked;
