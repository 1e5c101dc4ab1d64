/**
 * What the gateway costs, measured from outside: the same load directly, through PgBouncer and
 * through Chaperone, interleaved in one run, so that figures are ratios of what ran side by side.
 */
@NullMarked
package dev.chaperone.benchmarks;

import org.jspecify.annotations.NullMarked;
