package dev.chaperone.sql.grammar;

/** What PostgreSQL's parser answers. */
public sealed interface ParseResult {
  /** The parse tree as libpg_query prints it: UTF-8 JSON. */
  @SuppressWarnings(
      "ArrayRecordComponent") // handed from the parser to the reader of trees, never compared
  record Tree(byte[] json) implements ParseResult {}

  /**
   * The text is not SQL.
   *
   * @param position where, counted in characters from 1; 0 when it is not known
   */
  record Refusal(String message, int position) implements ParseResult {}
}
