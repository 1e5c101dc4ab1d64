/** What the tests of sessions and gates share: a real journal, a policy, a clock. */
@NullMarked
package dev.chaperone.core.scene;

import org.jspecify.annotations.NullMarked;
