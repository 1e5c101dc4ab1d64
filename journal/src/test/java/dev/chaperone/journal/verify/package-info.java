/** Tests of verification: whatever is done to a copy of a log is named. */
@NullMarked
package dev.chaperone.journal.verify;

import org.jspecify.annotations.NullMarked;
