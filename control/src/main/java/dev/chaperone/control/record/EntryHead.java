package dev.chaperone.control.record;

import dev.chaperone.journal.Entry;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The fields that say where an entry belongs, read without its content: most entries are not read
 * further.
 *
 * @param type what happened
 * @param session whose it is, if any
 * @param n its number in the session's sequence; 0 for none
 * @param command the command that it is about, if any
 * @param review the review that it is about, if any
 * @param verdict what was decided, if something was
 */
public record EntryHead(
    String type,
    @Nullable String session,
    long n,
    @Nullable String command,
    @Nullable String review,
    @Nullable String verdict) {
  private static final JsonFactory JSON = new JsonFactory();

  /**
   * Reads it.
   *
   * @throws DamagedEntryException if it is no JSON object with a type
   */
  public static EntryHead of(Entry entry) {
    try (var json = JSON.createParser(ObjectReadContext.empty(), entry.bytes())) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new DamagedEntryException("an entry that is no JSON object", null);
      }
      return read(json);
    } catch (JacksonException e) {
      throw new DamagedEntryException("an entry that is not the JSON that it should be", e);
    }
  }

  private static EntryHead read(JsonParser json) {
    String type = null;
    String session = null;
    long n = 0;
    String command = null;
    String review = null;
    String verdict = null;
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      var name = json.currentName();
      var value = json.nextToken();
      switch (name) {
        case "type" -> type = text(json, value);
        case "session" -> session = text(json, value);
        case "n" -> n = value == JsonToken.VALUE_NUMBER_INT ? json.getLongValue() : 0;
        case "command" -> command = text(json, value);
        case "review" -> review = text(json, value);
        case "verdict" -> verdict = text(json, value);
        default -> {
          // Whatever else it says, it says to others.
        }
      }
      json.skipChildren();
    }
    if (type == null) {
      throw new DamagedEntryException("an entry without the text type", null);
    }
    return new EntryHead(type, session, n, command, review, verdict);
  }

  private static @Nullable String text(JsonParser json, JsonToken value) {
    return value == JsonToken.VALUE_STRING ? json.getString() : null;
  }
}
