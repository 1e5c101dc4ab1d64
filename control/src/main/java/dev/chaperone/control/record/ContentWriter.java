package dev.chaperone.control.record;

import dev.chaperone.core.session.EntrySpace;
import dev.chaperone.core.session.EntryTypes;
import dev.chaperone.core.session.Session;
import dev.chaperone.journal.Fields;
import dev.chaperone.journal.JournalUnavailableException;
import dev.chaperone.journal.Position;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;

/**
 * Content of any size in entries of a bounded size: what does not fit its entry goes before it in
 * {@code content} entries of the same session, and the entry names their number and digest.
 */
public final class ContentWriter {
  /** Of a part, as JSON holds it; with the other fields it always fits an entry. */
  private static final int PART_BYTES = 48_000;

  private final Session session;
  private final String owner;
  private final String id;
  private final List<Position> positions = new ArrayList<>();

  /**
   * @param owner the key that the parts are found by, for example {@code review}
   * @param id the owner's id
   */
  public ContentWriter(Session session, String owner, String id) {
    this.session = session;
    this.owner = owner;
    this.id = id;
  }

  /**
   * Places a content: in its entry as {@code inline} writes it, or before it as {@code text}.
   *
   * @param text the content in the form that its parts have
   * @param budget the most bytes that it may take up in the entry
   * @return what writes the field
   */
  public Consumer<Fields> place(String field, String text, int budget, Consumer<Fields> inline)
      throws JournalUnavailableException {
    if (EntrySpace.bytes(text) <= budget) {
      return inline;
    }
    var whole = EntrySpace.wellFormed(text);
    long count = parts(field, whole);
    var digest = sha256(whole);
    return fields ->
        fields.object(field, inner -> inner.put("chunks", count).put("sha256", digest));
  }

  /** Where the parts that were written so far stand in the journal, in order. */
  public List<Position> positions() {
    return List.copyOf(positions);
  }

  private long parts(String field, String text) throws JournalUnavailableException {
    long part = 0;
    int from = 0;
    while (from < text.length()) {
      int to = EntrySpace.pieceEnd(text, from, PART_BYTES);
      var data = text.substring(from, to);
      long number = part++;
      boolean last = to == text.length();
      positions.add(
          session.enqueue(
              EntryTypes.CONTENT,
              fields ->
                  fields
                      .put(owner, id)
                      .put("field", field)
                      .put("part", number)
                      .put("last", last)
                      .put("data", data)));
      from = to;
    }
    return part;
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
