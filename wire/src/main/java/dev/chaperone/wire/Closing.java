package dev.chaperone.wire;

import java.io.Closeable;
import java.io.IOException;

/** Closing where a failure to close changes nothing any more. */
public final class Closing {
  private Closing() {}

  /** Closes; a failure is dropped, since the thing is given up either way. */
  public static void quietly(Closeable closeable) {
    try {
      closeable.close();
    } catch (IOException givenUp) { // nothing depends on it any more
      return;
    }
  }
}
