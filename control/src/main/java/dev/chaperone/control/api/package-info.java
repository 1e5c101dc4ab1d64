/** The HTTP API: rights, reviews, sessions, the published log, health. */
@NullMarked
package dev.chaperone.control.api;

import org.jspecify.annotations.NullMarked;
