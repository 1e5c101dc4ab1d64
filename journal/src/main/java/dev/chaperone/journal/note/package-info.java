/** Signed notes, checkpoints and keys as C2SP describes them. */
@NullMarked
package dev.chaperone.journal.note;

import org.jspecify.annotations.NullMarked;
