package dev.chaperone.journal;

import java.time.Instant;
import java.util.Collection;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * The fields of a JSON object under construction, written in the order of the calls. Valid only
 * inside the call that it was handed to. A text that holds half of a surrogate pair, which UTF-8
 * cannot carry, has U+FFFD in its place.
 */
public final class Fields {
  private final JsonGenerator json;

  Fields(JsonGenerator json) {
    this.json = json;
  }

  public Fields put(String name, String value) {
    json.writeStringProperty(name, Items.wellFormed(value));
    return this;
  }

  public Fields put(String name, long value) {
    json.writeNumberProperty(name, value);
    return this;
  }

  public Fields put(String name, boolean value) {
    json.writeBooleanProperty(name, value);
    return this;
  }

  /** A time in UTC with microseconds, in the form of the envelope's own. */
  public Fields put(String name, Instant value) {
    json.writeStringProperty(name, EntrySyntax.time(value));
    return this;
  }

  /** Adds the field where there is a value, and nothing otherwise. */
  public Fields putIfPresent(String name, @Nullable String value) {
    return value == null ? this : put(name, value);
  }

  public Fields putNull(String name) {
    json.writeNullProperty(name);
    return this;
  }

  /** An array of texts. */
  public Fields put(String name, Collection<String> values) {
    return array(name, items -> values.forEach(items::add));
  }

  public Fields object(String name, Consumer<Fields> content) {
    json.writeName(name);
    json.writeStartObject();
    content.accept(this);
    json.writeEndObject();
    return this;
  }

  public Fields array(String name, Consumer<Items> content) {
    json.writeName(name);
    json.writeStartArray();
    content.accept(new Items(json, this));
    json.writeEndArray();
    return this;
  }
}
