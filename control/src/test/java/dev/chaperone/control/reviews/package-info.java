@NullMarked
package dev.chaperone.control.reviews;

import org.jspecify.annotations.NullMarked;
