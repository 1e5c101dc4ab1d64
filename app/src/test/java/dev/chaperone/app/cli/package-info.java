@NullMarked
package dev.chaperone.app.cli;

import org.jspecify.annotations.NullMarked;
