/** Tests of what a grant binds and how a wait ends. */
@NullMarked
package dev.chaperone.core.review;

import org.jspecify.annotations.NullMarked;
