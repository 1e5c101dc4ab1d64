package dev.chaperone.postgres.copy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The text format, as CopyAttributeOutText of copyto.c writes it. */
final class TextFields implements Fields {
  private static final String DEFAULT_NULLS = "\\N";
  private static final String LETTERS = "bfnrtv";
  private static final String CONTROLS = "\b\f\n\r\t\u000b";

  private final CopyFormat.Text format;
  private final byte[] nulls;

  TextFields(CopyFormat.Text format) {
    this.format = format;
    this.nulls = format.nulls().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public byte delimiter() {
    return format.delimiter();
  }

  @Override
  public boolean opensQuotes(byte first) {
    return false;
  }

  @Override
  public Effect effect(byte value, boolean quoted) {
    return value == '\\' ? Effect.TAKES_NEXT : Effect.NONE;
  }

  /** A value may be written like any other text for NULL than the usual one, so that it is none. */
  @Override
  public boolean isNull(byte[] line, int from, int to) {
    return format.nulls().equals(DEFAULT_NULLS)
        && Arrays.equals(line, from, to, nulls, 0, nulls.length);
  }

  @Override
  public byte[] value(byte[] line, int from, int to) throws UnreadableCopyException {
    var value = new ByteArrayOutputStream(to - from);
    int at = from;
    while (at < to) {
      byte each = line[at++];
      if (each == '\\') {
        if (at == to) {
          throw new UnreadableCopyException("a field that ends in a backslash");
        }
        each = line[at++];
        int letter = LETTERS.indexOf(each);
        value.write(letter < 0 ? each : CONTROLS.charAt(letter));
      } else {
        value.write(each);
      }
    }
    return value.toByteArray();
  }

  @Override
  public void write(byte[] value, boolean quoted, ByteArrayOutputStream out) {
    for (byte each : value) {
      int control = CONTROLS.indexOf(each);
      if (control >= 0) {
        out.write('\\');
        out.write(LETTERS.charAt(control));
      } else {
        if (each == '\\' || each == format.delimiter()) {
          out.write('\\');
        }
        out.write(each);
      }
    }
  }

  @Override
  public void writeNull(ByteArrayOutputStream out) {
    out.write(nulls, 0, nulls.length);
  }
}
