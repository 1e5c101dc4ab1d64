package dev.chaperone.testing;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One message of PostgreSQL's protocol, version 3: a type byte (none in start-up messages), a
 * length and a body. Immutable. The accessors read the body as PostgreSQL's manual, chapter 54.7,
 * lays it out, and throw {@link IllegalStateException} on another type.
 */
public final class PgFrame {
  /** The type of messages that have no type byte: start-up, TLS request and cancel request. */
  public static final char UNTYPED = '_';

  private final char type;
  private final byte[] body;
  private final String name;

  PgFrame(char type, byte[] body, String name) {
    this.type = type;
    this.body = body.clone();
    this.name = name;
  }

  /** A frame of any type with any body. */
  public static PgFrame of(char type, byte[] body) {
    return new PgFrame(type, body, String.valueOf(type));
  }

  /** The type byte, or {@link #UNTYPED}. */
  public char type() {
    return type;
  }

  /** What stands between the length and the next message; a copy. */
  public byte[] body() {
    return body.clone();
  }

  /** The whole message as it goes over the wire. */
  public byte[] bytes() {
    var buffer = ByteBuffer.allocate(body.length + (type == UNTYPED ? 4 : 5));
    if (type != UNTYPED) {
      buffer.put((byte) type);
    }
    return buffer.putInt(body.length + 4).put(body).array();
  }

  /** The fields of an error or notice by their letter: {@code C} SQLSTATE, {@code M} message. */
  public Map<Character, String> fields() {
    var in = reader('E', 'N');
    var fields = new LinkedHashMap<Character, String>();
    for (byte field = in.get(); field != 0; field = in.get()) {
      fields.put((char) field, text(in));
    }
    return fields;
  }

  /** The SQLSTATE of an error or notice. */
  public String sqlState() {
    return fields().getOrDefault('C', "");
  }

  /** The state in ReadyForQuery: {@code I}, {@code T} or {@code E}. */
  public char transaction() {
    return (char) reader('Z').get();
  }

  /** The values of a DataRow as they came. */
  public List<byte @Nullable []> values() {
    var in = reader('D');
    var values = new ArrayList<byte @Nullable []>();
    for (int left = in.getShort(); left > 0; left--) {
      int length = in.getInt();
      if (length < 0) {
        values.add(null);
      } else {
        var value = new byte[length];
        in.get(value);
        values.add(value);
      }
    }
    return values;
  }

  /** The values of a DataRow as UTF-8. */
  public List<@Nullable String> texts() {
    var texts = new ArrayList<@Nullable String>();
    for (var value : values()) {
      texts.add(value == null ? null : new String(value, StandardCharsets.UTF_8));
    }
    return texts;
  }

  /** The column names of a RowDescription. */
  public List<String> columns() {
    var in = reader('T');
    var names = new ArrayList<String>();
    for (int left = in.getShort(); left > 0; left--) {
      names.add(text(in));
      in.position(in.position() + 18);
    }
    return names;
  }

  /** The tag of a CommandComplete, such as {@code INSERT 0 1}. */
  public String tag() {
    return text(reader('C'));
  }

  /** A ParameterStatus as name and value. */
  public Map.Entry<String, String> parameter() {
    var in = reader('S');
    return Map.entry(text(in), text(in));
  }

  /** As it stands in a trace: {@code Z(I)}, {@code E(42501)}, {@code D}. */
  public String shown(boolean fromServer) {
    if (fromServer && type == 'Z') {
      return "Z(" + transaction() + ")";
    }
    if (fromServer && type == 'E') {
      return "E(" + sqlState() + ")";
    }
    return name;
  }

  /** The body from its start; the caller knows the layout. */
  ByteBuffer reader(char... expected) {
    for (char one : expected) {
      if (one == type) {
        return ByteBuffer.wrap(body).asReadOnlyBuffer();
      }
    }
    throw new IllegalStateException(type + " is none of " + Arrays.toString(expected));
  }

  /** Takes a string up to its zero byte. */
  static String text(ByteBuffer in) {
    int start = in.position();
    int end = start;
    while (in.get(end) != 0) {
      end++;
    }
    var bytes = new byte[end - start];
    in.get(bytes);
    in.get();
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return name + "[" + body.length + "]";
  }
}
