package dev.chaperone.control.api;

import java.util.Map;

/** Headers that every answer carries: nothing is cached, framed, guessed or referred to. */
final class SecurityHeaders {
  private static final Map<String, String> ALL =
      Map.of(
          "Cache-Control", "no-store",
          "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'",
          "Referrer-Policy", "no-referrer",
          "Strict-Transport-Security", "max-age=31536000",
          "X-Content-Type-Options", "nosniff",
          "X-Frame-Options", "DENY");

  private SecurityHeaders() {}

  static Map<String, String> all() {
    return ALL;
  }
}
