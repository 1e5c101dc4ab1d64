package dev.chaperone.control.api;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Where a listing goes on. Opaque to clients, who only hand it back. */
final class Cursor {
  private Cursor() {}

  static String write(long index) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(Long.toString(index).getBytes(StandardCharsets.US_ASCII));
  }

  static long read(String cursor) throws Problem {
    try {
      var text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.US_ASCII);
      long index = Long.parseLong(text);
      if (index >= 0) {
        return index;
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw Problem.badRequest("this cursor did not come from here");
  }
}
