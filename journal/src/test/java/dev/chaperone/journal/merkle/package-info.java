/** Tests of the tree against the vectors of RFC 6962 and C2SP. */
@NullMarked
package dev.chaperone.journal.merkle;

import org.jspecify.annotations.NullMarked;
