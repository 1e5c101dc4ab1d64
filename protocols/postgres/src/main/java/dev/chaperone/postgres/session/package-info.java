/** One session: the request pump, the response pump, and what joins them. */
@NullMarked
package dev.chaperone.postgres.session;

import org.jspecify.annotations.NullMarked;
