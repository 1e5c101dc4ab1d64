package dev.chaperone.sql;

import java.util.List;

/** What came of reading a text. */
public sealed interface Reading {
  /**
   * The text is SQL: its statements in order; none when it holds only blanks, comments and
   * semicolons.
   */
  record Understood(List<Statement> statements) implements Reading {
    public Understood {
      statements = List.copyOf(statements);
    }
  }

  /**
   * The server would refuse the text too, with this message.
   *
   * @param message as PostgreSQL words it, in English
   * @param position where, counted in characters (code points) from 1; 0 when it is not known
   */
  record SyntaxError(String message, int position) implements Reading {}

  /**
   * The text could not be read, which says nothing about what the server would do with it: it must
   * not be forwarded.
   *
   * @param why for the client and the record; never quotes the text
   */
  record Unreadable(String why) implements Reading {}
}
