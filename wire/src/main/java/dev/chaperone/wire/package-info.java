/** Sockets, TLS, threads, limits and raw sinks; the JDK alone. */
@NullMarked
package dev.chaperone.wire;

import org.jspecify.annotations.NullMarked;
