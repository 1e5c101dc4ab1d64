@NullMarked
package dev.chaperone.core.policy;

import org.jspecify.annotations.NullMarked;
