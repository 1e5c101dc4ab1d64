package dev.chaperone.control.api;

import dev.chaperone.control.record.EntryJson;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** One page of a listing under construction: {@code {items, next}}, bounded in items and bytes. */
final class Page {
  /** A page ends with the item that takes it beyond this size. */
  private static final long MAX_CHARACTERS = 4 << 20;

  private final ObjectNode json = EntryJson.object();
  private final ArrayNode items = json.putArray("items");
  private final int limit;
  private long characters;

  Page(int limit) {
    this.limit = limit;
  }

  /** Whether another item finds no room; then the page goes on after {@code last}. */
  boolean isFull(long last) {
    if (items.size() < limit && characters < MAX_CHARACTERS) {
      return false;
    }
    json.put("next", Cursor.write(last));
    return true;
  }

  void add(ObjectNode item) {
    items.add(item);
    characters += item.toString().length();
  }

  Answer answer() {
    return Answer.json(json);
  }
}
