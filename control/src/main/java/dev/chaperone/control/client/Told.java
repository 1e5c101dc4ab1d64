package dev.chaperone.control.client;

import dev.chaperone.control.record.EntryJson;
import dev.chaperone.control.record.Visible;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Small parts of the API's answers in words. Everything that comes out is safe to print. */
final class Told {
  private Told() {}

  /** A text field on one line; {@code -} where there is none. */
  static String line(JsonNode json, String field) {
    var text = EntryJson.text(json, field);
    return text == null ? "-" : Visible.line(text);
  }

  /** An identity: {@code subject@issuer for subject@issuer}. */
  static String who(JsonNode identity) {
    var told = new StringBuilder();
    for (@Nullable JsonNode one = identity;
        one != null && one.isObject();
        one = one.get("onBehalfOf")) {
      told.append(told.isEmpty() ? "" : " for ")
          .append(line(one, "subject"))
          .append('@')
          .append(line(one, "issuer"));
    }
    return told.isEmpty() ? "-" : told.toString();
  }

  /** A time to the second: {@code 2026-11-23 09:15:02Z}. */
  static String second(JsonNode json, String field) {
    var time = EntryJson.text(json, field);
    return time == null || time.length() < 19
        ? "-"
        : Visible.line(time.substring(0, 10) + " " + time.substring(11, 19) + "Z");
  }

  /** A time of day to the millisecond: {@code 09:15:02.123}. */
  static String clock(JsonNode json, String field) {
    var time = EntryJson.text(json, field);
    return time == null || time.length() < 23 ? "-" : Visible.line(time.substring(11, 23));
  }

  /** The texts of an array, separated by commas. */
  static String list(JsonNode json, String field) {
    var texts = EntryJson.texts(json, field);
    return texts.isEmpty() ? "-" : Visible.line(String.join(", ", texts));
  }

  /** A stated intent; null where nothing is stated. */
  static @Nullable String intent(JsonNode json) {
    var intent = json.get("intent");
    if (intent == null || !intent.isObject()) {
      return null;
    }
    var parts = new ArrayList<String>();
    for (var field : List.of("ticket", "text", "trace")) {
      if (intent.hasNonNull(field)) {
        parts.add(line(intent, field));
      }
    }
    return String.join(" · ", parts);
  }

  /** Text of several lines behind an indent; what would be obeyed is made visible. */
  static String block(@Nullable String text, String indent) {
    if (text == null) {
      return indent + "(not shown to you)\n";
    }
    var block = new StringBuilder();
    Visible.text(text).lines().forEach(line -> block.append(indent).append(line).append('\n'));
    return block.isEmpty() ? indent + "(empty)\n" : block.toString();
  }

  /** Bound values, one a line: {@code $1 = text 'value'}. */
  static String parameters(JsonNode command, String indent) {
    var told = new StringBuilder();
    int number = 0;
    for (var parameter : command.path("parameters")) {
      number++;
      var value = EntryJson.text(parameter, "value");
      told.append(indent)
          .append('$')
          .append(number)
          .append(" = ")
          .append(line(parameter, "type"))
          .append(' ')
          .append(value == null ? "NULL" : "'" + Visible.line(value).replace("'", "''") + "'")
          .append('\n');
    }
    return told.toString();
  }
}
