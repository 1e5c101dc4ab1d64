/** The gateway's certificate towards its clients: from files, or from an authority of its own. */
@NullMarked
package dev.chaperone.app.tls;

import org.jspecify.annotations.NullMarked;
