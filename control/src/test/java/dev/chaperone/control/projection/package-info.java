@NullMarked
package dev.chaperone.control.projection;

import org.jspecify.annotations.NullMarked;
