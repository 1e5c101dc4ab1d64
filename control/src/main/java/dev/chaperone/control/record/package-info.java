/** Reading and writing the journal's entries as the control plane joins and shows them. */
@NullMarked
package dev.chaperone.control.record;

import org.jspecify.annotations.NullMarked;
