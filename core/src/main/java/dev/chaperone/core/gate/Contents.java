package dev.chaperone.core.gate;

import dev.chaperone.core.command.Command;
import dev.chaperone.core.command.Parameter;
import dev.chaperone.core.session.EntrySpace;
import dev.chaperone.core.session.EntryTypes;
import dev.chaperone.core.session.Session;
import dev.chaperone.journal.Fields;
import dev.chaperone.journal.JournalUnavailableException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Content of any size in entries of a bounded size: what is short stands in the entry itself; what
 * is long goes before it in {@code content} entries, and the entry names their number and digest.
 * The bounds below, in bytes as the journal writes them, add up to less than an entry has, together
 * with the identity and intent that {@link dev.chaperone.core.session.Who} bounds.
 */
final class Contents {
  static final int PART_BYTES = 48_000;
  static final int TEXT_BYTES = 12_000;
  static final int OUTPUT_BYTES = 24_000;
  static final int INPUT_BYTES = 4_000;
  static final int LIST_BYTES = 3_000;
  static final int MASKED_BYTES = 12_000;
  static final int NAME_BYTES = 1_000;

  private static final int PARAMETERS_BYTES = 10_000;
  private static final int NAMES_BYTES = 4_000;
  private static final int SETTINGS_BYTES = 4_000;
  private static final int MESSAGE_BYTES = 3_000;

  private final Session session;

  Contents(Session session) {
    this.session = session;
  }

  /**
   * Places a text; the consumer writes the field.
   *
   * @param most the bytes that it may take in its entry
   */
  Consumer<Fields> place(String command, String field, String text, int most)
      throws JournalUnavailableException {
    if (EntrySpace.bytes(text) <= most) {
      return fields -> fields.put(field, text);
    }
    return reference(command, field, text);
  }

  /** Places input: as text where it is UTF-8, but for a character that the limit cuts. */
  Consumer<Fields> place(String command, Input.Taken taken) throws JournalUnavailableException {
    var input = taken.kept();
    if (input.length == 0) {
      return _ -> {};
    }
    int most = taken.isTruncated() ? Math.min(3, input.length - 1) : 0;
    for (int cut = 0; cut <= most; cut++) {
      var text = utf8(input, input.length - cut);
      if (text != null) {
        return place(command, "input", text, INPUT_BYTES);
      }
    }
    var encoded = Base64.getEncoder().encodeToString(input);
    return place(command, "inputBase64", encoded, INPUT_BYTES);
  }

  private static @Nullable String utf8(byte[] bytes, int length) {
    try {
      var text = ByteBuffer.wrap(bytes, 0, length);
      return StandardCharsets.UTF_8.newDecoder().decode(text).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  /** Places parameters; those that do not fit an entry together go as JSON lines. */
  Consumer<Fields> place(String command, String field, List<Parameter> parameters)
      throws JournalUnavailableException {
    long bytes = 0;
    for (var parameter : parameters) {
      var value = parameter.value();
      var written = value == null ? "null" : value;
      bytes += 24 + EntrySpace.bytes(parameter.type()) + EntrySpace.bytes(written);
    }
    if (bytes <= PARAMETERS_BYTES) {
      return fields -> CommandEntries.parameters(fields, parameters);
    }
    var lines = new StringBuilder();
    for (var parameter : parameters) {
      JsonText.parameter(lines, parameter);
    }
    return reference(command, field, lines.toString());
  }

  /** Places the relations and functions of a statement. */
  Consumer<Fields> namesOf(String command, Command of) throws JournalUnavailableException {
    return switch (of) {
      case Command.Statement statement -> {
        var relations = place(command, "relations", statement.relations());
        var functions = place(command, "functions", statement.functions());
        yield fields -> {
          relations.accept(fields);
          functions.accept(fields);
          fields
              .put("database", EntrySpace.cut(statement.database(), NAME_BYTES))
              .put("reachesUnknown", statement.reachesUnknown());
        };
      }
      case Command.Unreadable unreadable ->
          fields -> fields.putIfPresent("why", cut(unreadable.why()));
    };
  }

  private Consumer<Fields> place(String command, String field, SortedSet<String> names)
      throws JournalUnavailableException {
    if (names.stream().mapToLong(name -> EntrySpace.bytes(name) + 3).sum() <= NAMES_BYTES) {
      return fields -> fields.put(field, names);
    }
    return reference(command, field, String.join("\n", names));
  }

  /** Places settings; nothing where there are none, and one JSON object where they are long. */
  Consumer<Fields> settings(String command, SortedMap<String, String> settings)
      throws JournalUnavailableException {
    if (settings.isEmpty()) {
      return _ -> {};
    }
    long bytes = 0;
    for (var setting : settings.entrySet()) {
      bytes += 6 + EntrySpace.bytes(setting.getKey()) + EntrySpace.bytes(setting.getValue());
    }
    if (bytes <= SETTINGS_BYTES) {
      return fields -> fields.object("settings", inner -> settings.forEach(inner::put));
    }
    return reference(command, "settings", JsonText.object(settings));
  }

  private Consumer<Fields> reference(String command, String field, String text)
      throws JournalUnavailableException {
    var whole = EntrySpace.wellFormed(text);
    long part = 0;
    int from = 0;
    while (from < whole.length()) {
      int to = EntrySpace.pieceEnd(whole, from, PART_BYTES);
      var data = whole.substring(from, to);
      long number = part++;
      boolean last = to == whole.length();
      session.enqueue(
          EntryTypes.CONTENT,
          fields ->
              fields
                  .put("command", command)
                  .put("field", field)
                  .put("part", number)
                  .put("last", last)
                  .put("data", data));
      from = to;
    }
    long chunks = part;
    var digest = sha256(whole);
    return fields ->
        fields.object(field, inner -> inner.put("chunks", chunks).put("sha256", digest));
  }

  /** The beginning of a message, where it is long. */
  static @Nullable String cut(@Nullable String message) {
    return message == null ? null : EntrySpace.cut(message, MESSAGE_BYTES);
  }

  static String sha256(String text) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
