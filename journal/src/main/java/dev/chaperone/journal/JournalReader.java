package dev.chaperone.journal;

import java.io.IOException;
import java.time.Duration;

/**
 * Reads the durable entries of a journal. Every method may be called by any thread at any time
 * while the journal is open. An entry, once seen, never changes.
 */
public interface JournalReader {

  /** How many entries are durable. Their indexes are {@code 0} to {@code size() - 1}. */
  long size();

  /**
   * Reads one entry from the disk; blocks for that.
   *
   * @throws IndexOutOfBoundsException if no durable entry has this index
   * @throws IOException if the disk cannot be read, or what it holds is not what was written
   */
  Entry read(long index) throws IOException;

  /**
   * Visits the entries {@code from} (inclusive) to {@code to} (exclusive) in order, on the calling
   * thread, holding one entry at a time.
   *
   * @throws IndexOutOfBoundsException if not every entry of the range is durable
   * @throws IOException as for {@link #read}
   * @throws X what the visitor throws; the visit ends there
   */
  <X extends Exception> void forEach(long from, long to, EntryVisitor<X> visitor)
      throws IOException, X;

  /**
   * Blocks until the entry {@code index} is durable, that is, until {@code size() > index}.
   *
   * @param max how long to wait at most
   * @return whether it is durable; false after {@code max}, and at once when the journal is closed
   *     or failed before the entry came
   */
  boolean awaitBeyond(long index, Duration max) throws InterruptedException;
}
