/**
 * What one database holds, as far as the meaning of a statement and the reach of a mask depend on
 * it: an immutable snapshot and its loader.
 */
@NullMarked
package dev.chaperone.postgres.catalogue;

import org.jspecify.annotations.NullMarked;
