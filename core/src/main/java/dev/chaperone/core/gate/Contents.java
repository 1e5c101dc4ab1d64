package dev.chaperone.core.gate;

import dev.chaperone.core.command.Command;
import dev.chaperone.core.command.Parameter;
import dev.chaperone.core.session.EntryTypes;
import dev.chaperone.core.session.Session;
import dev.chaperone.journal.Fields;
import dev.chaperone.journal.JournalUnavailableException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Content of any size in entries of a bounded size: what is short stands in the entry itself; what
 * is long goes before it in {@code content} entries, and the entry names their number and digest.
 */
final class Contents {
  /** Characters that one entry carries of one content: at most 6 bytes each once escaped. */
  private static final int PART_CHARACTERS = 8_000;

  private static final int SHORT_MESSAGE = 2_000;

  private final Session session;

  Contents(Session session) {
    this.session = session;
  }

  /** Places a text; the consumer writes the field. */
  Consumer<Fields> place(String command, String field, String text)
      throws JournalUnavailableException {
    if (text.length() <= PART_CHARACTERS) {
      return fields -> fields.put(field, text);
    }
    return reference(field, parts(command, field, text));
  }

  /** Places parameters; those that do not fit an entry together go as JSON lines. */
  Consumer<Fields> place(String command, String field, List<Parameter> parameters)
      throws JournalUnavailableException {
    long characters = 0;
    for (var parameter : parameters) {
      var value = parameter.value();
      characters += 40L + parameter.type().length() + (value == null ? 0 : value.length());
    }
    if (characters <= PART_CHARACTERS) {
      return fields -> CommandEntries.parameters(fields, parameters);
    }
    var lines = new StringBuilder();
    for (var parameter : parameters) {
      JsonText.parameter(lines, parameter);
    }
    return reference(field, parts(command, field, lines.toString()));
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
              .put("database", statement.database())
              .put("reachesUnknown", statement.reachesUnknown());
        };
      }
      case Command.Unreadable unreadable -> fields -> fields.put("why", cutTo(unreadable.why()));
    };
  }

  private Consumer<Fields> place(String command, String field, SortedSet<String> names)
      throws JournalUnavailableException {
    if (names.stream().mapToLong(name -> name.length() + 3L).sum() <= PART_CHARACTERS / 4) {
      return fields -> fields.put(field, names);
    }
    return reference(field, parts(command, field, String.join("\n", names)));
  }

  private record Parts(long count, String sha256) {}

  private Parts parts(String command, String field, String text)
      throws JournalUnavailableException {
    long part = 0;
    int from = 0;
    while (from < text.length()) {
      int to = Math.min(from + PART_CHARACTERS, text.length());
      if (to < text.length() && Character.isHighSurrogate(text.charAt(to - 1))) {
        to--;
      }
      var data = text.substring(from, to);
      long number = part++;
      boolean last = to == text.length();
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
    return new Parts(part, sha256(text));
  }

  private static Consumer<Fields> reference(String field, Parts parts) {
    return fields ->
        fields.object(
            field, inner -> inner.put("chunks", parts.count()).put("sha256", parts.sha256()));
  }

  /** The beginning of a message, where it is long. */
  static @Nullable String cut(@Nullable String message) {
    return message == null ? null : cutTo(message);
  }

  private static String cutTo(String message) {
    return message.length() <= SHORT_MESSAGE ? message : message.substring(0, SHORT_MESSAGE) + "…";
  }

  private static String sha256(String text) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
