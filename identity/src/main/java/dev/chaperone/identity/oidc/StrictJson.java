package dev.chaperone.identity.oidc;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads one JSON object (RFC 8259) and nothing after it. Two members of one name are an error at
 * any depth, since two readers could each see another one. Members and elements that are null are
 * left out; numbers are {@code Long}, or {@code Double} when they do not fit. What comes out is
 * immutable.
 */
final class StrictJson {
  private static final int MAX_DEPTH = 16;
  private static final int MAX_NUMBER_CHARACTERS = 40;
  private static final int MAX_NAME_CHARACTERS = 1_000;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          // Names come from strangers: do not keep them in a table that outlives the token.
          .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
          .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNumberLength(MAX_NUMBER_CHARACTERS)
                  .maxNameLength(MAX_NAME_CHARACTERS)
                  .build())
          .build();

  private StrictJson() {}

  /**
   * Reads UTF-8 text.
   *
   * @param what names the text in the error, which holds nothing of the text itself
   */
  static Map<String, Object> object(byte[] utf8, String what) throws InvalidInputException {
    try (var parser = FACTORY.createParser(ObjectReadContext.empty(), utf8)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new InvalidInputException(what + " is not a JSON object");
      }
      var object = object(parser);
      if (parser.nextToken() != null) {
        throw new InvalidInputException(what + " does not end with its JSON object");
      }
      return object;
    } catch (JacksonException e) {
      throw new InvalidInputException(what + " is not strict JSON", withoutText(e));
    }
  }

  /** Jackson's messages quote the text, which may be a token's. */
  private static Throwable withoutText(JacksonException e) {
    return new IllegalArgumentException(e.getClass().getSimpleName());
  }

  private static Map<String, Object> object(JsonParser parser) throws InvalidInputException {
    var members = new LinkedHashMap<String, Object>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      var name = parser.currentName();
      parser.nextToken();
      var value = value(parser);
      if (value != null) {
        members.put(name, value);
      }
    }
    return Collections.unmodifiableMap(members);
  }

  private static List<Object> array(JsonParser parser) throws InvalidInputException {
    var elements = new ArrayList<Object>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      var value = value(parser);
      if (value != null) {
        elements.add(value);
      }
    }
    return List.copyOf(elements);
  }

  private static @Nullable Object value(JsonParser parser) throws InvalidInputException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> array(parser);
      case VALUE_STRING -> parser.getString();
      case VALUE_NUMBER_INT -> integer(parser);
      case VALUE_NUMBER_FLOAT -> finite(parser.getDoubleValue());
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      case END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
          throw new InvalidInputException("JSON is cut off");
    };
  }

  private static Object integer(JsonParser parser) throws InvalidInputException {
    return switch (parser.getNumberType()) {
      case INT, LONG -> parser.getLongValue();
      case BIG_INTEGER, FLOAT, DOUBLE, BIG_DECIMAL -> finite(parser.getDoubleValue());
    };
  }

  private static double finite(double number) throws InvalidInputException {
    if (!Double.isFinite(number)) {
      throw new InvalidInputException("a JSON number is out of range");
    }
    return number;
  }
}
