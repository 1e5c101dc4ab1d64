package dev.chaperone.core.session;

import java.io.IOException;
import java.net.InetSocketAddress;

/** A protocol that clients speak to the gateway. */
public interface Protocol {
  /** The word that targets name it by, for example {@code postgres}. */
  String name();

  /**
   * Starts serving; returns when the address is bound.
   *
   * @throws IOException if the address cannot be bound; the message names it
   */
  Serving listen(InetSocketAddress address) throws IOException;

  /** A listener under way. */
  interface Serving extends AutoCloseable {
    /** Where it listens. */
    InetSocketAddress address();

    /** Stops accepting; what is open goes on. */
    void stopAccepting();

    /** Stops accepting and ends its connections. */
    @Override
    void close();
  }
}
