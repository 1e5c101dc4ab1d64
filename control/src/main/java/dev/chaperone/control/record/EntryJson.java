package dev.chaperone.control.record;

import dev.chaperone.journal.Entry;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** An entry's fields. Every method is pure. */
public final class EntryJson {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private EntryJson() {}

  /**
   * The entry as a tree.
   *
   * @throws DamagedEntryException if it is no JSON object
   */
  public static ObjectNode parse(Entry entry) {
    try {
      if (JSON.readTree(entry.bytes()) instanceof ObjectNode object) {
        return object;
      }
    } catch (JacksonException e) {
      throw new DamagedEntryException("an entry is not the JSON that it should be", e);
    }
    throw new DamagedEntryException("an entry is no JSON object", null);
  }

  /**
   * One JSON value out of a text.
   *
   * @throws DamagedEntryException if it is none
   */
  public static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (JacksonException e) {
      throw new DamagedEntryException("content is not the JSON that it should be", e);
    }
  }

  /** An empty object. */
  public static ObjectNode object() {
    return JSON.createObjectNode();
  }

  /** The text of a field; null where the field is missing or holds something else. */
  public static @Nullable String text(JsonNode node, String field) {
    var value = node.get(field);
    return value != null && value.isString() ? value.stringValue() : null;
  }

  /**
   * The text of a field that must be there.
   *
   * @throws DamagedEntryException if it is not
   */
  public static String needText(JsonNode node, String field) {
    var value = text(node, field);
    if (value == null) {
      throw new DamagedEntryException("an entry without the text " + field, null);
    }
    return value;
  }

  /** The whole number of a field, or {@code otherwise}. */
  public static long number(JsonNode node, String field, long otherwise) {
    var value = node.get(field);
    return value != null && value.isIntegralNumber() ? value.longValue() : otherwise;
  }

  /** Whether a field is {@code true}. */
  public static boolean isTrue(JsonNode node, String field) {
    var value = node.get(field);
    return value != null && value.isBoolean() && value.booleanValue();
  }

  /**
   * The time of a field that must be there, as RFC 3339.
   *
   * @throws DamagedEntryException if it is not
   */
  public static Instant time(JsonNode node, String field) {
    try {
      return Instant.parse(needText(node, field));
    } catch (DateTimeParseException e) {
      throw new DamagedEntryException("an entry whose " + field + " is no time", e);
    }
  }

  /** The texts of an array; empty where the field is missing or no array. */
  public static List<String> texts(JsonNode node, String field) {
    var texts = new ArrayList<String>();
    var array = node.get(field);
    if (array != null && array.isArray()) {
      for (var item : array) {
        if (item.isString()) {
          texts.add(item.stringValue());
        }
      }
    }
    return texts;
  }
}
