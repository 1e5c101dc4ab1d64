package dev.chaperone.journal;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/** What makes bytes an entry: the checks of {@link Entry}, and the writing of one. */
final class EntrySyntax {
  static final int MAX_DEPTH = 32;

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /** Immutable and made for sharing; a key is never interned, so that input cannot fill a table. */
  private static final TokenStreamFactory JSON =
      JsonFactory.builder()
          .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
          .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .enable(StreamWriteFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
          .streamWriteConstraints(
              StreamWriteConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
          .build();

  private EntrySyntax() {}

  static void check(byte[] bytes) {
    checkSize(bytes.length);
    if (bytes[0] != '{' || bytes[bytes.length - 1] != '}') {
      throw new IllegalArgumentException("an entry begins with { and ends with }");
    }
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n' || bytes[i] == '\r') {
        throw new IllegalArgumentException("an entry is one line; byte " + i + " ends it");
      }
    }
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("an entry is UTF-8: " + e.getMessage(), e);
    }
    parse(bytes);
  }

  private static void parse(byte[] bytes) {
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), bytes)) {
      parser.nextToken();
      int depth = 1;
      while (depth > 0) {
        JsonToken token = parser.nextToken();
        if (token == null) {
          throw new IllegalArgumentException("the entry's JSON ends too early");
        }
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
      }
      if (parser.nextToken() != null) {
        throw new IllegalArgumentException("an entry is one JSON object; something follows it");
      }
    } catch (JacksonException e) {
      throw new IllegalArgumentException("an entry is JSON: " + place(e), e);
    }
  }

  /** Jackson's own message quotes the input, which may be sensitive, so only the place is told. */
  private static String place(JacksonException e) {
    var location = e.getLocation();
    return e.getClass().getSimpleName()
        + (location == null ? "" : " at byte " + location.getByteOffset());
  }

  static byte[] write(String type, Instant time, Consumer<Fields> content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
      json.writeStartObject();
      Fields fields = new Fields(json);
      fields.put("v", 1).put("type", type).put("time", TIME.format(time));
      content.accept(fields);
      json.writeEndObject();
    } catch (JacksonException e) {
      throw new IllegalArgumentException("the entry cannot be written: " + e.getMessage(), e);
    }
    checkSize(out.size());
    return out.toByteArray();
  }

  static String time(Instant time) {
    return TIME.format(time);
  }

  private static void checkSize(int length) {
    if (length < 2 || length > Entry.MAX_BYTES) {
      throw new IllegalArgumentException(
          "an entry has 2 to " + Entry.MAX_BYTES + " bytes, not " + length);
    }
  }
}
