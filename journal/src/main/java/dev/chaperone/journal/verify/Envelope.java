package dev.chaperone.journal.verify;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/**
 * The top-level texts and numbers of an entry, as far as they can be read: of a changed entry,
 * those before the change.
 */
final class Envelope {
  static final Envelope UNREADABLE = new Envelope(Map.of());

  /** Keys and times longer than this are nothing that the gateway wrote. */
  private static final int MAX_TEXT = 256;

  private static final TokenStreamFactory JSON =
      JsonFactory.builder()
          .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
          .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
          .build();

  private final Map<String, String> values;

  private Envelope(Map<String, String> values) {
    this.values = values;
  }

  static Envelope of(byte[] entry) {
    Map<String, String> values = new HashMap<>();
    try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), entry)) {
      if (json.nextToken() == JsonToken.START_OBJECT) {
        read(json, values);
      }
    } catch (JacksonException _) {
      // What was read before the place that is not JSON stays; the tree says that it was changed.
    }
    return new Envelope(values);
  }

  private static void read(JsonParser json, Map<String, String> values) {
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = json.currentName();
      JsonToken token = json.nextToken();
      if (token == null) {
        return;
      }
      boolean simple = token == JsonToken.VALUE_STRING || token == JsonToken.VALUE_NUMBER_INT;
      if (simple && json.getStringLength() <= MAX_TEXT) {
        values.put(name, json.getString());
      } else {
        json.skipChildren();
      }
    }
  }

  @Nullable String text(String name) {
    return values.get(name);
  }

  String type() {
    return values.getOrDefault("type", "");
  }

  Optional<String> time() {
    return Optional.ofNullable(values.get("time")).filter(Envelope::printable);
  }

  Optional<String> session() {
    return Optional.ofNullable(values.get("session")).filter(Envelope::printable);
  }

  /** The entry's number in its session; 0 where it has none. */
  long number() {
    String n = values.getOrDefault("n", "0");
    return n.length() <= 18 && n.chars().allMatch(c -> c >= '0' && c <= '9')
        ? Long.parseLong(n)
        : 0;
  }

  /** A changed entry may hold anything, which must not reach a terminal. */
  private static boolean printable(String text) {
    return text.chars().allMatch(c -> c >= 0x20 && c < 0x7f);
  }
}
