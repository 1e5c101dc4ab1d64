/** What comes before a session: TLS, start-up, sign-in, and the server's own authentication. */
@NullMarked
package dev.chaperone.postgres.handshake;

import org.jspecify.annotations.NullMarked;
