/** The segment files: the truth of the journal until a checkpoint covers it. */
@NullMarked
package dev.chaperone.journal.log;

import org.jspecify.annotations.NullMarked;
