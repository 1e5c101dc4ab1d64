/** Who acts, on whose behalf, and what they say they are doing. */
@NullMarked
package dev.chaperone.core.identity;

import org.jspecify.annotations.NullMarked;
