package dev.chaperone.core.gate;

import dev.chaperone.wire.Frames;

/**
 * The gateway's own frames: handshakes, synchronisation, catalogue queries, synthetic replies. Each
 * protocol has exactly one subclass, small and named for it, so that a reviewer sees at a glance
 * all that is sent without a command behind it. Counted and recorded once a kind and session.
 */
public abstract class OwnTraffic {
  /**
   * Own frames of a kind.
   *
   * @param kind a word for the record, for example {@code sync}
   */
  protected final Gate.Own own(String kind, Frames frames) {
    return new Gate.Own(kind, frames);
  }
}
