package dev.chaperone.sql;

/**
 * Reads texts of SQL. Safe for use by any number of threads; owns a few parser threads, so whoever made it closes it.
 *
 * <p>The text is read as UTF-8 and under {@code standard_conforming_strings=on}, {@code backslash_quote=safe_encoding}: the
 * caller makes sure that the server does the same.
 */
public final class SqlReader implements AutoCloseable {
  private final SqlLimits limits;

  /** Starts the parser threads. The first text may be read at once. */
  public SqlReader(SqlLimits limits) {
    this.limits = limits;
  }

  /**
   * Reads a text of any number of statements. Blocks until it is read, at most for the limits' wait and time. Total: a text that
   * cannot be read is an answer, not an exception. An interrupt of the caller ends the wait, is kept, and makes the text
   * unreadable.
   */
  public Reading read(String text) {
    return new Reading.Unreadable("no parser for up to " + limits.maxBytes() + " bytes");
  }

  /** Ends the parser threads; texts being read become unreadable. */
  @Override
  public void close() {}
}
