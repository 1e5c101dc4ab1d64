package dev.chaperone.control.api;

import dev.chaperone.control.record.EntryJson;
import dev.chaperone.core.session.EntryTypes;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The entries of one command joined into the one command that the API shows. */
final class CommandJson {
  private CommandJson() {}

  /**
   * @param entries in order, complete
   * @param content whether text, values and output are shown
   */
  static ObjectNode of(String id, List<ObjectNode> entries, boolean content) {
    var asked = first(entries, EntryTypes.DECIDED, EntryTypes.HELD, EntryTypes.PREPARED);
    var decided = first(entries, EntryTypes.DECIDED);
    var closed = first(entries, EntryTypes.CLOSED);
    JsonNode said = asked == null ? entries.getFirst() : asked;
    var json = EntryJson.object().put("id", id);
    Shown.copy(entries.getFirst(), json, "time");
    Shown.copy(said, json, "kind");
    if (content) {
      Shown.text(json, "text", EntryJson.text(said, "text"));
      Shown.parameters(said, json);
    } else {
      json.putNull("text").putNull("parameters");
    }
    Shown.copy(said, json, "effects", "relations", "functions", "database");
    if (content) {
      Shown.copy(said, json, "intent");
    } else {
      json.putNull("intent");
    }
    verdict(json, decided, first(entries, EntryTypes.HELD));
    json.put("outcome", outcome(entries, closed));
    outcome(json, closed, content);
    return json;
  }

  private static void verdict(
      ObjectNode json, @Nullable JsonNode decided, @Nullable JsonNode held) {
    var from = decided != null ? decided : held;
    if (from == null) {
      json.putNull("verdict").putNull("rule").putArray("rules");
      json.putNull("review").putNull("reason").putNull("message").putArray("masks");
      return;
    }
    var rules = EntryJson.texts(from, "rules");
    json.put("verdict", decided == null ? "hold" : EntryJson.text(decided, "verdict"));
    json.put("rule", rules.isEmpty() ? null : rules.getFirst());
    Shown.array(json, "rules", rules);
    Shown.copy(from, json, "review", "reason", "message");
    Shown.array(json, "masks", EntryJson.texts(from, "masks"));
  }

  private static @Nullable String outcome(List<ObjectNode> entries, @Nullable JsonNode closed) {
    if (closed != null) {
      return EntryJson.text(closed, "outcome");
    }
    var interrupted = first(entries, EntryTypes.INTERRUPTED);
    if (interrupted != null) {
      return "never".equals(EntryJson.text(interrupted, "reached")) ? null : "interrupted";
    }
    return first(entries, EntryTypes.PREPARED) != null ? "prepared" : null;
  }

  private static void outcome(ObjectNode json, @Nullable JsonNode closed, boolean content) {
    if (closed == null) {
      json.putNull("rows").putNull("bytes").putNull("error").putNull("duration");
      json.putNull("digest").putArray("masked");
      json.putNull("output").put("outputTruncated", false);
      return;
    }
    Shown.copy(closed, json, "rows", "bytes");
    error(json, closed.get("error"), content);
    json.put("duration", seconds(EntryJson.number(closed, "micros", 0)));
    Shown.copy(closed, json, "digest");
    Shown.array(json, "masked", EntryJson.texts(closed, "masked"));
    if (content) {
      Shown.copy(closed, json, "output");
    } else {
      json.putNull("output");
    }
    json.put("outputTruncated", EntryJson.isTrue(closed, "outputTruncated"));
  }

  /** What the resource says of an error may quote values, so it is content. */
  private static void error(ObjectNode json, @Nullable JsonNode error, boolean content) {
    if (error == null) {
      json.putNull("error");
      return;
    }
    var shown = json.putObject("error");
    Shown.copy(error, shown, "code");
    Shown.text(shown, "message", content ? EntryJson.text(error, "message") : null);
  }

  private static BigDecimal seconds(long micros) {
    return BigDecimal.valueOf(micros, 6);
  }

  private static @Nullable ObjectNode first(List<ObjectNode> entries, String... types) {
    for (var type : types) {
      for (var entry : entries) {
        if (type.equals(EntryJson.text(entry, "type"))) {
          return entry;
        }
      }
    }
    return null;
  }
}
