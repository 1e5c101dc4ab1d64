/**
 * {@code chaperone demo}: a real PostgreSQL, a demo issuer, a gateway and a story, each step of
 * which is checked.
 */
@NullMarked
package dev.chaperone.app.demo;

import org.jspecify.annotations.NullMarked;
