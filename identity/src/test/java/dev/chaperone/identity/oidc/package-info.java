/** What signs in, and what must never. */
@NullMarked
package dev.chaperone.identity.oidc;

import org.jspecify.annotations.NullMarked;
