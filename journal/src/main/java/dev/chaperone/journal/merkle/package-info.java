/** The Merkle tree of RFC 6962 in the tiles of C2SP tlog-tiles. */
@NullMarked
package dev.chaperone.journal.merkle;

import org.jspecify.annotations.NullMarked;
