/** Tests of what statements mean. */
@NullMarked
package dev.chaperone.sql;

import org.jspecify.annotations.NullMarked;
