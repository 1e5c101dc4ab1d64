/** The rules of the house: which module may know which, and how sources look. */
@NullMarked
package dev.chaperone.e2e.house;

import org.jspecify.annotations.NullMarked;
