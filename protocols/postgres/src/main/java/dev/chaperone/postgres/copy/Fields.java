package dev.chaperone.postgres.copy;

import java.io.ByteArrayOutputStream;

/** How the fields of a line are told apart, read and written in one of the formats of lines. */
sealed interface Fields permits TextFields, CsvFields {
  byte delimiter();

  /** Whether a field that begins with this byte is in quotes. */
  boolean opensQuotes(byte first);

  /**
   * What a byte within a field does to the bytes after it.
   *
   * @param quoted whether it is within quotes
   */
  Effect effect(byte value, boolean quoted);

  /** What a byte does. */
  enum Effect {
    /** It stands for itself. */
    NONE,
    /** The next byte stands for itself. */
    TAKES_NEXT,
    /** The quotes end or, right after their end, begin again. */
    TURNS_QUOTES
  }

  /** Whether the field, as it is written, is certain to be NULL. */
  boolean isNull(byte[] line, int from, int to);

  /**
   * The value of a field that is not NULL, as the type's text.
   *
   * @throws UnreadableCopyException when the server does not write fields so
   */
  byte[] value(byte[] line, int from, int to) throws UnreadableCopyException;

  /** Writes a value. */
  void write(byte[] value, boolean quoted, ByteArrayOutputStream out);

  /** Writes NULL. */
  void writeNull(ByteArrayOutputStream out);
}
