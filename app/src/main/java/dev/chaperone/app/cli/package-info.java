/** The commands of {@code chaperone}, their options, outputs and exit statuses. */
@NullMarked
package dev.chaperone.app.cli;

import org.jspecify.annotations.NullMarked;
