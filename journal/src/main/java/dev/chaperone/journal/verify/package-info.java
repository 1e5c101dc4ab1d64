/** Checks a journal, or a copy of one, with the public key alone. */
@NullMarked
package dev.chaperone.journal.verify;

import org.jspecify.annotations.NullMarked;
