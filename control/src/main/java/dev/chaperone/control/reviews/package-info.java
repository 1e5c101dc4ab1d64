/** Held commands and who decides them: the journal is the truth, memory its image. */
@NullMarked
package dev.chaperone.control.reviews;

import org.jspecify.annotations.NullMarked;
