/** One running gateway: everything put together, reloaded, watched and stopped in order. */
@NullMarked
package dev.chaperone.app.serve;

import org.jspecify.annotations.NullMarked;
