/**
 * Real servers, clients, issuers and faults for tests. Plain classes that are opened and closed;
 * what cannot be set up throws, so that a test fails where it stands.
 */
@NullMarked
package dev.chaperone.testing;

import org.jspecify.annotations.NullMarked;
