/** Held commands and the people who decide them. */
@NullMarked
package dev.chaperone.core.review;

import org.jspecify.annotations.NullMarked;
