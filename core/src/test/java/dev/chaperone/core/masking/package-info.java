/** Tests of how masks compare. */
@NullMarked
package dev.chaperone.core.masking;

import org.jspecify.annotations.NullMarked;
