/** Tests of intents and identities. */
@NullMarked
package dev.chaperone.core.identity;

import org.jspecify.annotations.NullMarked;
