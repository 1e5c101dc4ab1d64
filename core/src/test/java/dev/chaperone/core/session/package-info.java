/** Tests of sessions and the entries that they leave. */
@NullMarked
package dev.chaperone.core.session;

import org.jspecify.annotations.NullMarked;
