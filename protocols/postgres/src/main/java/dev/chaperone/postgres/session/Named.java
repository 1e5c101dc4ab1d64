package dev.chaperone.postgres.session;

import dev.chaperone.postgres.wire.Body;
import dev.chaperone.postgres.wire.ProtocolViolationException;

/** What a Describe or Close names. */
record Named(boolean isStatement, String name) {
  static Named read(byte[] message, String what) throws ProtocolViolationException {
    var body = Body.ofMessage(message);
    int kind = body.int8();
    if (kind != 'S' && kind != 'P') {
      throw new ProtocolViolationException(what + " of neither a statement nor a portal");
    }
    var name = body.string();
    body.end(what);
    return new Named(kind == 'S', name);
  }
}
