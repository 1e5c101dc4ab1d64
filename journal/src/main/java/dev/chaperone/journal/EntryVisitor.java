package dev.chaperone.journal;

/**
 * Takes entries in their order.
 *
 * @param <X> what the visitor may throw, which ends the visit
 */
@FunctionalInterface
public interface EntryVisitor<X extends Exception> {

  void visit(Position position, Entry entry) throws X;
}
