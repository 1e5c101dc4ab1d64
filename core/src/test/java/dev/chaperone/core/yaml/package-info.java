@NullMarked
package dev.chaperone.core.yaml;

import org.jspecify.annotations.NullMarked;
