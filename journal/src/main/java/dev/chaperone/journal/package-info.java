/** The durable, append-only, signed log of everything that the gateway decided and saw. */
@NullMarked
package dev.chaperone.journal;

import org.jspecify.annotations.NullMarked;
