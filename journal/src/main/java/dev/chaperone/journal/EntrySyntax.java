package dev.chaperone.journal;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
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

  /** For years that have no four digits. */
  private static final DateTimeFormatter OTHER_TIME =
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
      fields.put("v", 1).put("type", type).put("time", time(time));
      content.accept(fields);
      json.writeEndObject();
    } catch (JacksonException e) {
      throw new IllegalArgumentException("the entry cannot be written: " + e.getMessage(), e);
    }
    checkSize(out.size());
    return out.toByteArray();
  }

  /** RFC 3339 in UTC with six digits of a second. Every entry has one: it is made by hand. */
  static String time(Instant time) {
    var utc = LocalDateTime.ofEpochSecond(time.getEpochSecond(), time.getNano(), ZoneOffset.UTC);
    if (utc.getYear() < 0 || utc.getYear() > 9_999) {
      return OTHER_TIME.format(time);
    }
    var text = new StringBuilder(27);
    digits(text, utc.getYear(), 1_000).append('-');
    digits(text, utc.getMonthValue(), 10).append('-');
    digits(text, utc.getDayOfMonth(), 10).append('T');
    digits(text, utc.getHour(), 10).append(':');
    digits(text, utc.getMinute(), 10).append(':');
    digits(text, utc.getSecond(), 10).append('.');
    return digits(text, utc.getNano() / 1_000, 100_000).append('Z').toString();
  }

  /** The number with leading zeros; {@code highest} is what its first digit counts. */
  private static StringBuilder digits(StringBuilder text, int number, int highest) {
    for (int unit = highest; unit > 0; unit /= 10) {
      text.append((char) ('0' + number / unit % 10));
    }
    return text;
  }

  private static void checkSize(int length) {
    if (length < 2 || length > Entry.MAX_BYTES) {
      throw new IllegalArgumentException(
          "an entry has 2 to " + Entry.MAX_BYTES + " bytes, not " + length);
    }
  }
}
