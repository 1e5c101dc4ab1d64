package dev.chaperone.postgres.masking;

import java.io.ByteArrayOutputStream;

/** The text formats of bytea, "hex" and "escape" (PostgreSQL's manual, section 8.4). */
final class ByteaText {
  private ByteaText() {}

  /** The bytes that a text stands for; what is of neither format stands for itself. */
  static byte[] bytes(byte[] text) {
    if (text.length >= 2 && text[0] == '\\' && text[1] == 'x') {
      return hex(text);
    }
    var bytes = new ByteArrayOutputStream(text.length);
    for (int at = 0; at < text.length; at++) {
      if (text[at] != '\\') {
        bytes.write(text[at]);
      } else if (at + 1 < text.length && text[at + 1] == '\\') {
        bytes.write('\\');
        at++;
      } else if (at + 3 < text.length) {
        bytes.write((text[at + 1] - '0') << 6 | (text[at + 2] - '0') << 3 | text[at + 3] - '0');
        at += 3;
      }
    }
    return bytes.toByteArray();
  }

  private static byte[] hex(byte[] text) {
    var bytes = new byte[(text.length - 2) / 2];
    for (int i = 0; i < bytes.length; i++) {
      int high = Character.digit(text[2 + 2 * i], 16);
      int low = Character.digit(text[3 + 2 * i], 16);
      bytes[i] = (byte) (high << 4 | low);
    }
    return bytes;
  }
}
