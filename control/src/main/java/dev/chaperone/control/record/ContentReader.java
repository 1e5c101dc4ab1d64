package dev.chaperone.control.record;

import dev.chaperone.core.session.EntryTypes;
import dev.chaperone.journal.JournalReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** Puts content that stands in parts back into the entries that name it. */
public final class ContentReader {
  private static final List<String> FIELDS =
      List.of(
          "text",
          "parameters",
          "relations",
          "functions",
          "settings",
          "output",
          "input",
          "inputBase64",
          "rules");

  private final Map<String, StringBuilder> parts = new HashMap<>();

  private ContentReader() {}

  /**
   * Reads the entries of one command or review.
   *
   * @param indexes their places in the journal, in order, those of their parts included
   * @return the entries without the parts, complete again
   * @throws IOException if the journal cannot be read
   * @throws DamagedEntryException if a part is missing or not what its digest says
   */
  public static List<ObjectNode> read(JournalReader journal, List<Long> indexes)
      throws IOException {
    var reader = new ContentReader();
    var entries = new ArrayList<ObjectNode>();
    for (long index : indexes) {
      var entry = EntryJson.parse(journal.read(index));
      if (EntryTypes.CONTENT.equals(EntryJson.text(entry, "type"))) {
        reader.take(entry);
      } else {
        FIELDS.forEach(field -> reader.complete(entry, field));
        entries.add(entry);
      }
    }
    return entries;
  }

  /**
   * Reads the first of these entries that is no part, complete; what stands after it may not be
   * durable yet and is left alone. Otherwise as {@link #read}.
   */
  public static ObjectNode readFirst(JournalReader journal, List<Long> indexes) throws IOException {
    for (int end = 1; end <= indexes.size(); end++) {
      var entry = EntryJson.parse(journal.read(indexes.get(end - 1)));
      if (!EntryTypes.CONTENT.equals(EntryJson.text(entry, "type"))) {
        return read(journal, indexes.subList(0, end)).getFirst();
      }
    }
    throw new DamagedEntryException("parts of content without their entry", null);
  }

  private void take(ObjectNode part) {
    var field = EntryJson.needText(part, "field");
    if (EntryJson.number(part, "part", -1) == 0) {
      parts.put(field, new StringBuilder());
    }
    var sofar = parts.get(field);
    if (sofar == null) {
      throw new DamagedEntryException("content without its first part: " + field, null);
    }
    sofar.append(EntryJson.needText(part, "data"));
  }

  private void complete(ObjectNode entry, String field) {
    var value = entry.get(field);
    if (value == null) {
      return;
    }
    if (value.isObject() && value.path("chunks").isNumber()) { // settings are objects of texts
      var text = joined(field, EntryJson.needText(value, "sha256"));
      switch (field) {
        case "parameters" -> lines(entry, field, text);
        case "relations", "functions" -> {
          var names = entry.putArray(field);
          Arrays.stream(text.split("\n")).forEach(names::add);
        }
        case "rules", "settings" -> entry.set(field, EntryJson.parse(text));
        default -> entry.put(field, text);
      }
    }
    if (field.equals("output") && entry.path(field).isString()) {
      lines(entry, field, entry.path(field).stringValue());
    }
  }

  private String joined(String field, String sha256) {
    var sofar = parts.remove(field);
    if (sofar == null) {
      throw new DamagedEntryException("content that is missing: " + field, null);
    }
    var text = sofar.toString();
    if (!ContentWriter.sha256(text).equals(sha256)) {
      throw new DamagedEntryException("content that is not what its digest says: " + field, null);
    }
    return text;
  }

  /** One JSON value a line. */
  private static void lines(ObjectNode entry, String field, String text) {
    var values = entry.putArray(field);
    text.lines().forEach(line -> values.add(EntryJson.parse(line)));
  }
}
