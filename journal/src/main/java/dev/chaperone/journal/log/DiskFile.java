package dev.chaperone.journal.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A file that is written. Used by one thread at a time. */
public interface DiskFile extends Closeable {

  /** Writes all that remains in {@code bytes} at {@code offset}; not durable before a sync. */
  void write(ByteBuffer bytes, long offset) throws IOException;

  /** Makes what was written durable. After an error nothing is known of any of it. */
  void sync() throws IOException;
}
