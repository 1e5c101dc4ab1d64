package dev.chaperone.journal;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;

/**
 * The items of a JSON array under construction, written in the order of the calls. Valid only
 * inside the call that it was handed to.
 */
public final class Items {
  private final JsonGenerator json;
  private final Fields fields;

  Items(JsonGenerator json, Fields fields) {
    this.json = json;
    this.fields = fields;
  }

  public Items add(String value) {
    json.writeString(wellFormed(value));
    return this;
  }

  public Items add(long value) {
    json.writeNumber(value);
    return this;
  }

  public Items add(boolean value) {
    json.writeBoolean(value);
    return this;
  }

  public Items addNull() {
    json.writeNull();
    return this;
  }

  public Items object(Consumer<Fields> content) {
    json.writeStartObject();
    content.accept(fields);
    json.writeEndObject();
    return this;
  }

  public Items array(Consumer<Items> content) {
    json.writeStartArray();
    content.accept(this);
    json.writeEndArray();
    return this;
  }

  static String wellFormed(String text) {
    if (!mayHoldHalfAPair(text)) {
      return text;
    }
    return new String(
        text.codePoints()
            .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
            .toArray(),
        0,
        text.codePointCount(0, text.length()));
  }

  /** Most texts have no surrogate at all, which is cheap to see. */
  private static boolean mayHoldHalfAPair(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return !StandardCharsets.UTF_8.newEncoder().canEncode(text);
      }
    }
    return false;
  }
}
