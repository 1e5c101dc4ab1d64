/** PostgreSQL clients and servers: protocol 3.0 on both sides. */
@NullMarked
package dev.chaperone.postgres;

import org.jspecify.annotations.NullMarked;
