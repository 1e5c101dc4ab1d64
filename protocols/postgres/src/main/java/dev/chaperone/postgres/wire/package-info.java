/** Messages of protocol 3.0 as bytes: reading and building, without meaning. */
@NullMarked
package dev.chaperone.postgres.wire;

import org.jspecify.annotations.NullMarked;
