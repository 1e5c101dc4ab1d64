package dev.chaperone.postgres.meaning;

/** A value is not of its type's binary format; its text never quotes the value. */
final class UnreadableValueException extends Exception {
  private static final long serialVersionUID = 1L;

  UnreadableValueException() {
    super("not a value of its type", null, false, false);
  }
}
