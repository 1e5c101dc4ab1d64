/** One identity on one target through one client connection, and the entries it leaves. */
@NullMarked
package dev.chaperone.core.session;

import org.jspecify.annotations.NullMarked;
