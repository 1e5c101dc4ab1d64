/** Tests of sockets, TLS and threads on the loopback interface. */
@NullMarked
package dev.chaperone.wire;

import org.jspecify.annotations.NullMarked;
