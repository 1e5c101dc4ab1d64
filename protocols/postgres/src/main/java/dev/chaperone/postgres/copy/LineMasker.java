package dev.chaperone.postgres.copy;

import dev.chaperone.postgres.masking.ValueMask;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The formats of lines: text and CSV. A line is looked through once, however it comes in pieces.
 */
final class LineMasker implements CopyMasker {
  private final Fields fields;
  private final List<Optional<ValueMask>> masks;
  private final RowBuffer row = new RowBuffer();
  private final List<Integer> ends = new ArrayList<>();
  private boolean header;
  private int position;
  private boolean atFieldStart = true;
  private boolean quoted;
  private boolean takesNext;

  LineMasker(Fields fields, boolean header, List<Optional<ValueMask>> masks) {
    this.fields = fields;
    this.header = header;
    this.masks = List.copyOf(masks);
  }

  @Override
  public byte[] mask(byte[] piece, int offset, int length) throws UnreadableCopyException {
    row.add(piece, offset, length);
    var out = new ByteArrayOutputStream(length + 16);
    int begin = 0;
    while (position < row.length()) {
      if (endsLine(row.array()[position], begin)) {
        line(row.array(), begin, out);
        begin = position + 1;
        ends.clear();
      }
      position++;
    }
    row.drop(begin);
    position -= begin;
    return out.toByteArray();
  }

  /** Follows one byte; fields' ends are kept relative to the line's beginning. */
  private boolean endsLine(byte value, int begin) throws UnreadableCopyException {
    if (takesNext) {
      takesNext = false;
      return false;
    }
    if (atFieldStart && fields.opensQuotes(value)) {
      atFieldStart = false;
      quoted = true;
      return false;
    }
    if (!quoted && (value == fields.delimiter() || value == '\n')) {
      ends.add(position - begin);
      if (ends.size() > masks.size()) {
        throw new UnreadableCopyException("a row of other columns than were described");
      }
      atFieldStart = true;
      return value == '\n';
    }
    atFieldStart = false;
    switch (fields.effect(value, quoted)) {
      case TAKES_NEXT -> takesNext = true;
      case TURNS_QUOTES -> quoted = !quoted;
      case NONE -> {}
    }
    return false;
  }

  private void line(byte[] bytes, int begin, ByteArrayOutputStream out)
      throws UnreadableCopyException {
    if (ends.size() != masks.size()) {
      throw new UnreadableCopyException("a row of other columns than were described");
    }
    int from = begin;
    for (int i = 0; i < masks.size(); i++) {
      int to = begin + ends.get(i);
      if (i > 0) {
        out.write(fields.delimiter());
      }
      var mask = masks.get(i);
      if (header || mask.isEmpty() || fields.isNull(bytes, from, to)) {
        out.write(bytes, from, to - from);
      } else {
        masked(mask.get(), bytes, from, to, out);
      }
      from = to + 1;
    }
    out.write('\n');
    header = false;
  }

  private void masked(ValueMask mask, byte[] bytes, int from, int to, ByteArrayOutputStream out)
      throws UnreadableCopyException {
    var shown = mask.apply(fields.value(bytes, from, to), false);
    if (shown == null) {
      fields.writeNull(out);
    } else {
      fields.write(shown, from < to && fields.opensQuotes(bytes[from]), out);
    }
  }

  @Override
  public void end() throws UnreadableCopyException {
    if (row.length() > 0) {
      throw new UnreadableCopyException("the stream ends within a row");
    }
  }
}
