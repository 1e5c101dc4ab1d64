/** Tests of segments and their decoders. */
@NullMarked
package dev.chaperone.journal.log;

import org.jspecify.annotations.NullMarked;
