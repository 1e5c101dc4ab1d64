package dev.chaperone.postgres.copy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** CSV, as CopyAttributeOutCSV of copyto.c writes it: NULL is never in quotes. */
final class CsvFields implements Fields {
  private final CopyFormat.Csv format;
  private final byte[] nulls;

  CsvFields(CopyFormat.Csv format) {
    this.format = format;
    this.nulls = format.nulls().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public byte delimiter() {
    return format.delimiter();
  }

  @Override
  public boolean opensQuotes(byte first) {
    return first == format.quote();
  }

  @Override
  public Effect effect(byte value, boolean quoted) {
    if (quoted && value == format.escape() && format.escape() != format.quote()) {
      return Effect.TAKES_NEXT;
    }
    return value == format.quote() ? Effect.TURNS_QUOTES : Effect.NONE;
  }

  @Override
  public boolean isNull(byte[] line, int from, int to) {
    return Arrays.equals(line, from, to, nulls, 0, nulls.length);
  }

  @Override
  public byte[] value(byte[] line, int from, int to) throws UnreadableCopyException {
    if (from == to || line[from] != format.quote()) {
      for (int i = from; i < to; i++) {
        if (line[i] == format.quote()) {
          throw new UnreadableCopyException("a quote within a field that is not in quotes");
        }
      }
      return Arrays.copyOfRange(line, from, to);
    }
    var value = new ByteArrayOutputStream(to - from);
    int last = to - 1;
    if (last == from || line[last] != format.quote()) {
      throw new UnreadableCopyException("a field whose quotes do not end");
    }
    int at = from + 1;
    while (at < last) {
      byte each = line[at++];
      if (each == format.escape()) {
        if (at == last || (line[at] != format.quote() && line[at] != format.escape())) {
          throw new UnreadableCopyException("an escape before what needs none");
        }
        each = line[at++];
      } else if (each == format.quote()) {
        throw new UnreadableCopyException("a quote within quotes");
      }
      value.write(each);
    }
    return value.toByteArray();
  }

  @Override
  public void write(byte[] value, boolean quoted, ByteArrayOutputStream out) {
    if (!quoted && !needsQuotes(value)) {
      out.writeBytes(value);
      return;
    }
    out.write(format.quote());
    for (byte each : value) {
      if (each == format.quote() || each == format.escape()) {
        out.write(format.escape());
      }
      out.write(each);
    }
    out.write(format.quote());
  }

  private boolean needsQuotes(byte[] value) {
    if (Arrays.equals(value, nulls) || (value.length > 0 && value[0] == '\\')) {
      return true; // the server quotes the end-of-data mark alone; quotes do no harm
    }
    for (byte each : value) {
      if (each == format.delimiter() || each == format.quote() || each == '\n' || each == '\r') {
        return true;
      }
    }
    return false;
  }

  @Override
  public void writeNull(ByteArrayOutputStream out) {
    out.write(nulls, 0, nulls.length);
  }
}
