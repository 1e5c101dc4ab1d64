package dev.chaperone.sql.tree;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads the JSON that libpg_query prints. Immutable and safe for several threads. It recurses as
 * deeply as the tree is, so give the thread a large stack.
 */
public final class TreeReader {
  /** The grammar's own stack has 10,000 places; a place makes a few levels of JSON. */
  private static final int MAX_DEPTH = 1_000_000;

  private final Syntax syntax = Syntax.load();
  private final JsonFactory json =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNumberLength(100)
                  .maxNameLength(1000)
                  .build())
          .build();

  /**
   * Reads a tree.
   *
   * @throws IllegalArgumentException when it is not a tree at all
   */
  public ParseTree read(byte[] tree) {
    try (JsonParser parser = json.createParser(ObjectReadContext.empty(), tree)) {
      expect(parser.nextToken() == JsonToken.START_OBJECT, parser);
      var reading = new Reading(parser);
      var root = reading.fields("ParseResult");
      return new ParseTree(root.nodes("stmts"), reading.familiar);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("not a parse tree: " + e.getOriginalMessage(), e);
    }
  }

  private static void expect(boolean holds, JsonParser parser) {
    if (!holds) {
      throw new IllegalArgumentException(
          "not a parse tree: " + parser.currentToken() + " at " + parser.currentLocation());
    }
  }

  private final class Reading {
    private final JsonParser parser;
    private boolean familiar = true;

    Reading(JsonParser parser) {
      this.parser = parser;
    }

    /** Reads the fields of a node; its brace is read. */
    Node fields(String type) {
      Map<String, String> known = syntax.fields(type);
      var fields = new LinkedHashMap<String, Object>();
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = parser.currentName();
        String fieldType = known == null ? null : known.get(name);
        parser.nextToken();
        if (fieldType == null) {
          strange();
        } else {
          Object value = value(fieldType);
          if (value != null) {
            fields.put(name, value);
          }
        }
      }
      expect(parser.currentToken() == JsonToken.END_OBJECT, parser);
      return new Node(type, fields);
    }

    private @Nullable Object value(String type) {
      return switch (parser.currentToken()) {
        case START_OBJECT -> node(type);
        case START_ARRAY -> list(type);
        case VALUE_STRING -> parser.getString();
        case VALUE_NUMBER_INT -> parser.getLongValue();
        case VALUE_TRUE -> true;
        case VALUE_FALSE -> false;
        case VALUE_NULL -> null;
        default -> {
          strange();
          yield null;
        }
      };
    }

    private @Nullable Node node(String type) {
      if (type.equals(Syntax.PLAIN)) {
        strange();
        return null;
      }
      return type.equals(Syntax.ANY) ? any() : fields(type);
    }

    /** A node with its type around it; an empty one stands for a null in a list. */
    private @Nullable Node any() {
      if (parser.nextToken() == JsonToken.END_OBJECT) {
        return null;
      }
      expect(parser.currentToken() == JsonToken.PROPERTY_NAME, parser);
      String type = parser.currentName();
      expect(parser.nextToken() == JsonToken.START_OBJECT, parser);
      var node = fields(type);
      expect(parser.nextToken() == JsonToken.END_OBJECT, parser);
      return node;
    }

    private List<Object> list(String type) {
      var list = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
          Node node = node(type);
          if (node != null) {
            list.add(node);
          }
        } else {
          strange();
        }
      }
      return list;
    }

    /** Passes over a value that the grammar, as it is known, does not have. */
    private void strange() {
      familiar = false;
      parser.skipChildren();
    }
  }
}
