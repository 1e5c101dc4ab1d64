/** The configuration files: read, checked as a whole, and turned into immutable values. */
@NullMarked
package dev.chaperone.app.config;

import org.jspecify.annotations.NullMarked;
