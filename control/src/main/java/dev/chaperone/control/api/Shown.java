package dev.chaperone.control.api;

import dev.chaperone.control.record.EntryJson;
import dev.chaperone.control.record.Visible;
import dev.chaperone.core.identity.Identity;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Parts that several answers have in common. */
final class Shown {
  private Shown() {}

  /** Copies fields as they are, null where they are missing. */
  static void copy(JsonNode from, ObjectNode to, String... fields) {
    for (var field : fields) {
      var value = from.get(field);
      if (value == null) {
        to.putNull(field);
      } else {
        to.set(field, value.deepCopy());
      }
    }
  }

  /**
   * A field as it is and, where looking at it would mislead, a second one {@code …Shown} with
   * control and bidirectional characters made visible.
   */
  static void text(ObjectNode to, String field, @Nullable String text) {
    to.put(field, text);
    if (text != null && !Visible.text(text).equals(text)) {
      to.put(field + "Shown", Visible.text(text));
    }
  }

  /** The {@code parameters} of an entry. */
  static void parameters(JsonNode from, ObjectNode to) {
    var parameters = to.putArray("parameters");
    for (var parameter : from.path("parameters")) {
      var one = parameters.addObject();
      copy(parameter, one, "type");
      text(one, "value", EntryJson.text(parameter, "value"));
    }
  }

  /** The texts as an array. */
  static void array(ObjectNode to, String field, List<String> texts) {
    var array = to.putArray(field);
    texts.forEach(array::add);
  }

  /** An identity in full, as its owner sees it. */
  static ObjectNode identity(Identity identity) {
    var json =
        EntryJson.object()
            .put("issuer", identity.issuer())
            .put("subject", identity.subject())
            .put("kind", identity.kind().word())
            .put("name", identity.name())
            .put("email", identity.email());
    array(json, "groups", identity.groups());
    var person = identity.onBehalfOf();
    if (person == null) {
      json.putNull("onBehalfOf");
    } else {
      json.set("onBehalfOf", identity(person));
    }
    return json;
  }
}
