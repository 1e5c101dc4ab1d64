@NullMarked
package dev.chaperone.control.client;

import org.jspecify.annotations.NullMarked;
