/** The API as a program on the user's machine calls it, and its answers as people read them. */
@NullMarked
package dev.chaperone.control.client;

import org.jspecify.annotations.NullMarked;
