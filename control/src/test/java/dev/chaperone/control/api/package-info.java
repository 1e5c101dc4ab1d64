@NullMarked
package dev.chaperone.control.api;

import org.jspecify.annotations.NullMarked;
