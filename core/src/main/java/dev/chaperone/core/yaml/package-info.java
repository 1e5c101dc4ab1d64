/**
 * A strict reader of configuration written in YAML 1.2: every value knows its place, and every
 * error says what is wrong, where, and what to do. Pure: texts in, values out.
 */
@NullMarked
package dev.chaperone.core.yaml;

import org.jspecify.annotations.NullMarked;
