package dev.chaperone.postgres.wire;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields of an ErrorResponse or NoticeResponse (PostgreSQL 18 documentation, section 54.8), by
 * their letters.
 */
public record ErrorFields(Map<Character, String> fields) {
  private static final int MAX_FIELDS = 64;

  public ErrorFields {
    fields = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(fields));
  }

  /** Reads the body of an ErrorResponse or NoticeResponse. */
  public static ErrorFields read(Body body) throws ProtocolViolationException {
    var fields = new LinkedHashMap<Character, String>();
    for (int letter = body.int8(); letter != 0; letter = body.int8()) {
      if (fields.size() == MAX_FIELDS) {
        throw new ProtocolViolationException("an error with too many fields");
      }
      fields.put((char) (letter & 0xff), body.string());
    }
    return new ErrorFields(fields);
  }

  /** An error or notice of the gateway's own. */
  public static ErrorFields of(
      String severity, String sqlState, String message, @Nullable String detail, String hint) {
    var fields = new LinkedHashMap<Character, String>();
    fields.put('S', severity);
    fields.put('V', severity);
    fields.put('C', sqlState);
    fields.put('M', message);
    if (detail != null) {
      fields.put('D', detail);
    }
    if (!hint.isEmpty()) {
      fields.put('H', hint);
    }
    return new ErrorFields(fields);
  }

  /** The same with another position, counted in characters from 1. */
  public ErrorFields at(int position) {
    var more = new LinkedHashMap<>(fields);
    more.put('P', Integer.toString(position));
    return new ErrorFields(more);
  }

  /** The SQLSTATE, or an empty text. */
  public String sqlState() {
    return fields.getOrDefault('C', "");
  }

  /** The message, or an empty text. */
  public String message() {
    return fields.getOrDefault('M', "");
  }

  /** Whether the connection ends with it. */
  public boolean isFatal() {
    var severity = fields.getOrDefault('V', fields.getOrDefault('S', ""));
    return severity.equals("FATAL") || severity.equals("PANIC");
  }

  /**
   * The same without anything that could carry a value: severity, SQLSTATE and the names of schema,
   * table, column, type and constraint stay. What the server says of the client's own text, before
   * anything runs, is kept whole.
   */
  public ErrorFields withheld() {
    if (isAboutTheText()) {
      return this;
    }
    var kept = new LinkedHashMap<Character, String>();
    fields.forEach((letter, text) -> {
      if ("SVCstcdn".indexOf(letter) >= 0) {
        kept.put(letter, text);
      }
    });
    kept.put('M', "message withheld, since it could carry masked values");
    return new ErrorFields(kept);
  }

  /**
   * Whether it was raised by reading the client's own text, so that its words come from there and
   * from names. The server tells a position in that text at no other time, and code that runs
   * inside it adds a context or a query of its own.
   */
  boolean isAboutTheText() {
    return fields.containsKey('P')
        && !fields.containsKey('W')
        && !fields.containsKey('p')
        && !fields.containsKey('q');
  }

  /** The whole message, of type {@link Messages#ERROR} or {@link Messages#NOTICE}. */
  public byte[] message(byte type) {
    var builder = new MessageBuilder().begin(type);
    fields.forEach((letter, text) -> builder.int8(letter).string(text.replace("\0", "")));
    return builder.int8(0).end().toArray();
  }
}
