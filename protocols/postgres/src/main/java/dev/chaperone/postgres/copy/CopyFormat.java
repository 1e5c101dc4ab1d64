package dev.chaperone.postgres.copy;

import dev.chaperone.sql.StatementKind.CopyOption;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How the server writes the rows of a COPY TO, from the options as the grammar has them
 * (ProcessCopyOptions of copy.c). What the server would not take is refused here too; what it takes
 * and cannot be decoded with certainty is refused as well.
 */
public sealed interface CopyFormat {

  /**
   * Fields between delimiters, special bytes behind a backslash.
   *
   * @param delimiter one byte of ASCII
   * @param nulls what stands for NULL; unescaped
   * @param header whether the first line names the columns
   */
  record Text(byte delimiter, String nulls, boolean header) implements CopyFormat {}

  /**
   * Fields between delimiters, quoted where need be.
   *
   * @param escape what stands before a quote or itself within quotes
   */
  record Csv(byte delimiter, String nulls, boolean header, byte quote, byte escape)
      implements CopyFormat {}

  /** The format of COPY BINARY. */
  record Binary() implements CopyFormat {}

  /** Whether the rows are in the types' binary formats. */
  default boolean isBinary() {
    return this instanceof Binary;
  }

  /** Options that say nothing of how rows are written. */
  private static Set<String> indifferent() {
    return Set.of("freeze", "force_quote");
  }

  /**
   * The format that options ask for.
   *
   * @throws UnreadableCopyException says which option cannot be followed
   */
  static CopyFormat of(List<CopyOption> options) throws UnreadableCopyException {
    var values = new HashMap<String, @Nullable String>();
    for (var option : options) {
      var name = option.name().toLowerCase(Locale.ROOT);
      if (values.containsKey(name)) {
        throw new UnreadableCopyException("the option " + name + " is given twice");
      }
      if (!option.plain() && !indifferent().contains(name)) {
        throw new UnreadableCopyException("the option " + name + " is not a constant");
      }
      values.put(name, option.value());
    }
    var known = Set.of("format", "delimiter", "null", "header", "quote", "escape", "encoding");
    for (var name : values.keySet()) {
      if (!known.contains(name) && !indifferent().contains(name)) {
        throw new UnreadableCopyException("the option " + name + " is not known");
      }
    }
    requireUtf8(values);
    var format = values.getOrDefault("format", "text");
    return switch (format == null ? "" : format) {
      case "text" -> text(values);
      case "csv" -> csv(values);
      case "binary" -> new Binary();
      default -> throw new UnreadableCopyException("the format " + format + " is not known");
    };
  }

  private static CopyFormat text(Map<String, @Nullable String> values)
      throws UnreadableCopyException {
    var nulls = value(values, "null", "\\N");
    if (nulls.contains("\\") && !nulls.equals("\\N")) {
      throw new UnreadableCopyException("the option null has a backslash");
    }
    var delimiter = one(values, "delimiter", '\t');
    requireApart(nulls, delimiter);
    return new Text(delimiter, nulls, header(values));
  }

  private static CopyFormat csv(Map<String, @Nullable String> values)
      throws UnreadableCopyException {
    var nulls = value(values, "null", "");
    var delimiter = one(values, "delimiter", ',');
    var quote = one(values, "quote", '"');
    requireApart(nulls, delimiter);
    requireApart(nulls, quote);
    if (quote == delimiter) {
      throw new UnreadableCopyException("quote and delimiter are the same");
    }
    return new Csv(delimiter, nulls, header(values), quote, one(values, "escape", (char) quote));
  }

  private static void requireUtf8(Map<String, @Nullable String> values)
      throws UnreadableCopyException {
    if (values.containsKey("encoding")) {
      var encoding = value(values, "encoding", "").toLowerCase(Locale.ROOT);
      if (!Set.of("utf8", "utf-8", "unicode").contains(encoding)) {
        throw new UnreadableCopyException("the encoding is not UTF8");
      }
    }
  }

  private static void requireApart(String nulls, byte other) throws UnreadableCopyException {
    if (nulls.indexOf(other) >= 0 || nulls.indexOf('\n') >= 0 || nulls.indexOf('\r') >= 0) {
      throw new UnreadableCopyException("the option null has a special character");
    }
  }

  private static boolean header(Map<String, @Nullable String> values)
      throws UnreadableCopyException {
    if (!values.containsKey("header")) {
      return false;
    }
    var value = values.get("header");
    return switch (value == null ? "true" : value.toLowerCase(Locale.ROOT)) {
      case "true", "on", "1" -> true;
      case "false", "off", "0" -> false;
      default -> throw new UnreadableCopyException("the option header is neither true nor false");
    };
  }

  private static String value(Map<String, @Nullable String> values, String name, String otherwise)
      throws UnreadableCopyException {
    if (!values.containsKey(name)) {
      return otherwise;
    }
    var value = values.get(name);
    if (value == null) {
      throw new UnreadableCopyException("the option " + name + " has no value");
    }
    return value;
  }

  private static byte one(Map<String, @Nullable String> values, String name, char otherwise)
      throws UnreadableCopyException {
    var bytes = value(values, name, String.valueOf(otherwise)).getBytes(StandardCharsets.UTF_8);
    if (bytes.length != 1
        || bytes[0] == '\n'
        || bytes[0] == '\r'
        || (bytes[0] == '\\' && name.equals("delimiter"))) {
      throw new UnreadableCopyException("the option " + name + " is not one character of ASCII");
    }
    return bytes[0];
  }
}
