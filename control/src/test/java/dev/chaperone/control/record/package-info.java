@NullMarked
package dev.chaperone.control.record;

import org.jspecify.annotations.NullMarked;
