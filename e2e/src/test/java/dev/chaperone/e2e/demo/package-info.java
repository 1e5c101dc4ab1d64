/** The demo, told to its end. */
@NullMarked
package dev.chaperone.e2e.demo;

import org.jspecify.annotations.NullMarked;
