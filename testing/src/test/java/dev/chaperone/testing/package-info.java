/** What tests of other modules may rely on. */
@NullMarked
package dev.chaperone.testing;

import org.jspecify.annotations.NullMarked;
