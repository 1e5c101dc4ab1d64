package dev.chaperone.journal;

import java.util.Optional;

/**
 * The append-only, Merkle-tree, signed log. Safe for use by any number of threads, platform or
 * virtual.
 *
 * <p>A journal that failed once stays failed: there is no retry and no option to go on unrecorded.
 * After a failure every call that would add or await an entry throws.
 */
public interface Journal extends AutoCloseable {

  /**
   * Adds an entry and blocks until it is durable: the same as {@link #enqueue} and {@link #await}.
   *
   * @return the entry's place in the log
   * @throws JournalUnavailableException if the entry may not be durable; whether it is cannot be
   *     known, so the session that it belongs to ends
   */
  default Position append(Entry entry) throws JournalUnavailableException {
    Position position = enqueue(entry);
    await(position);
    return position;
  }

  /**
   * Gives the entry its place in the log without waiting for the disk. Entries become durable in
   * the order of their positions; one that nobody waits for, within milliseconds, with the next
   * sync. Blocks, at most for {@link JournalSettings#patience}, while the queue is full.
   *
   * @throws JournalUnavailableException if the entry was not accepted
   */
  Position enqueue(Entry entry) throws JournalUnavailableException;

  /**
   * Blocks until every entry up to and including {@code position} is durable, at most for {@link
   * JournalSettings#patience}.
   *
   * @throws JournalUnavailableException if that did not happen in time, if the journal failed, or
   *     if the thread was interrupted (its interrupt status stays set)
   */
  void await(Position position) throws JournalUnavailableException;

  /** The log's name, which its checkpoints are signed under. */
  String origin();

  /** A reader of the durable entries; shared and safe for any number of threads. */
  JournalReader reader();

  /**
   * Why nothing can be added any more, in one sentence for the operator; empty while all is well. A
   * node admits nothing while this is present.
   */
  Optional<String> failure();

  /**
   * Makes what is queued durable, signs a last checkpoint and releases the directory. Does not
   * throw: what went wrong is in {@link #failure()} afterwards. Idempotent.
   */
  @Override
  void close();
}
