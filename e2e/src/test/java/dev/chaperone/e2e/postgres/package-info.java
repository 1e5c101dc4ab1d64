/** The whole program in front of a real PostgreSQL, with real clients. */
@NullMarked
package dev.chaperone.e2e.postgres;

import org.jspecify.annotations.NullMarked;
