package dev.chaperone.core.gate;

import dev.chaperone.core.command.Parameter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON values as text, for content that is kept line by line (RFC 8259, section 7). */
public final class JsonText {
  private JsonText() {}

  /** A JSON array of strings and nulls, without a line end. */
  public static String array(List<@Nullable String> values) {
    var json = new StringBuilder("[");
    for (int i = 0; i < values.size(); i++) {
      if (i > 0) {
        json.append(',');
      }
      string(json, values.get(i));
    }
    return json.append(']').toString();
  }

  /** A JSON object of strings, in the map's order, without a line end. */
  public static String object(Map<String, String> fields) {
    var json = new StringBuilder("{");
    fields.forEach((name, value) -> {
      if (json.length() > 1) {
        json.append(',');
      }
      string(json, name);
      json.append(':');
      string(json, value);
    });
    return json.append('}').toString();
  }

  static void parameter(StringBuilder json, Parameter parameter) {
    json.append("{\"type\":");
    string(json, parameter.type());
    json.append(",\"value\":");
    string(json, parameter.value());
    json.append("}\n");
  }

  private static void string(StringBuilder json, @Nullable String value) {
    if (value == null) {
      json.append("null");
      return;
    }
    json.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"' -> json.append("\\\"");
        case '\\' -> json.append("\\\\");
        case '\n' -> json.append("\\n");
        case '\r' -> json.append("\\r");
        case '\t' -> json.append("\\t");
        default -> {
          if (c < 0x20 || c == 0x2028 || c == 0x2029) {
            json.append(String.format("\\u%04x", (int) c));
          } else {
            json.append(c);
          }
        }
      }
    }
    json.append('"');
  }
}
