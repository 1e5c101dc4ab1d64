package dev.chaperone.journal.log;

/**
 * Takes the bytes of entries in their order.
 *
 * @param <X> what the visitor may throw, which ends the visit
 */
@FunctionalInterface
public interface RecordVisitor<X extends Exception> {

  /** Takes one entry, whose bytes are the visitor's to keep. */
  void visit(long index, byte[] entry) throws X;
}
