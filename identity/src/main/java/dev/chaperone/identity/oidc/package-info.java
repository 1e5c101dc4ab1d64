/** Sign-in by tokens of OpenID Connect issuers: who they prove, and on whose behalf. */
@NullMarked
package dev.chaperone.identity.oidc;

import org.jspecify.annotations.NullMarked;
