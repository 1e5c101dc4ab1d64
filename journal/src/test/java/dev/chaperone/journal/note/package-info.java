/** Tests of signed notes against the vectors of their specification. */
@NullMarked
package dev.chaperone.journal.note;

import org.jspecify.annotations.NullMarked;
