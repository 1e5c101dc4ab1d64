package dev.chaperone.sql;

import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/** The readings of the texts used last. Thread-safe. */
final class ReadingCache {
  /** A text may take no more than this part of all the room. */
  private static final int LARGEST_PART = 8;

  private record Entry(Reading reading, int bytes) {}

  private final LinkedHashMap<String, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
  private final int maxEntries;
  private final long maxBytes;
  private long bytes;

  ReadingCache(int maxEntries, long maxBytes) {
    this.maxEntries = maxEntries;
    this.maxBytes = maxBytes;
  }

  synchronized @Nullable Reading get(String text) {
    var entry = entries.get(text);
    return entry == null ? null : entry.reading();
  }

  synchronized void put(String text, int textBytes, Reading reading) {
    if (textBytes > maxBytes / LARGEST_PART) {
      return;
    }
    var before = entries.put(text, new Entry(reading, textBytes));
    bytes += textBytes - (before == null ? 0 : before.bytes());
    while (entries.size() > maxEntries || bytes > maxBytes) {
      bytes -= entries.pollFirstEntry().getValue().bytes();
    }
  }
}
