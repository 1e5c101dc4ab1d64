package dev.chaperone.control.api;

import dev.chaperone.control.record.EntryJson;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** An answer that says what went wrong, as RFC 9457 has it. Its texts are safe to show. */
final class Problem extends Exception {
  private static final long serialVersionUID = 1L;
  private static final String OWN = "urn:chaperone:problem:";

  private final int status;
  private final String type;
  private final String title;
  private final String detail;
  private final transient Map<String, String> headers = new LinkedHashMap<>();

  private Problem(int status, String type, String title, String detail) {
    super(title + ": " + detail, null, false, false);
    this.status = status;
    this.type = type;
    this.title = title;
    this.detail = detail;
  }

  static Problem badRequest(String detail) {
    return new Problem(400, "about:blank", "Bad Request", detail);
  }

  static Problem signInNeeded(String detail) {
    return new Problem(401, "about:blank", "Unauthorized", detail)
        .header("WWW-Authenticate", "Bearer realm=\"chaperone\"");
  }

  static Problem signInRefused(String why) {
    return new Problem(401, "about:blank", "Unauthorized", why)
        .header("WWW-Authenticate", "Bearer realm=\"chaperone\", error=\"invalid_token\"");
  }

  static Problem forbidden(String kind, String detail) {
    return new Problem(403, OWN + kind, "Forbidden", detail);
  }

  /** What is unknown and what is not for the caller's eyes answer alike. */
  static Problem notFound() {
    return new Problem(404, "about:blank", "Not Found", "there is nothing here that you may see");
  }

  static Problem methodNotAllowed(String allowed) {
    return new Problem(405, "about:blank", "Method Not Allowed", "use " + allowed)
        .header("Allow", allowed);
  }

  static Problem conflict(String kind, String detail) {
    return new Problem(409, OWN + kind, "Conflict", detail);
  }

  static Problem tooLarge(String detail) {
    return new Problem(413, "about:blank", "Content Too Large", detail);
  }

  static Problem unsupportedMedia() {
    return new Problem(415, "about:blank", "Unsupported Media Type", "a body is application/json");
  }

  static Problem invalidConfiguration(String detail) {
    return new Problem(422, OWN + "configuration-refused", "Unprocessable Content", detail);
  }

  static Problem tooManyFailures() {
    return new Problem(
            429, "about:blank", "Too Many Requests", "too many failed sign-ins from this address")
        .header("Retry-After", "60");
  }

  static Problem internal() {
    return new Problem(
        500, "about:blank", "Internal Server Error", "the gateway's log says what went wrong");
  }

  static Problem unavailable(String kind, String detail) {
    return new Problem(503, OWN + kind, "Service Unavailable", detail);
  }

  /** For what the HTTP server itself refuses. */
  static Problem ofStatus(int status, String title) {
    return new Problem(status, "about:blank", title, "the request cannot be served as it is");
  }

  private Problem header(String name, String value) {
    headers.put(name, value);
    return this;
  }

  Answer answer() {
    return new Answer(status, "application/problem+json", body(), Map.copyOf(headers));
  }

  byte[] body() {
    return EntryJson.object()
        .put("type", type)
        .put("title", title)
        .put("status", status)
        .put("detail", detail)
        .toString()
        .getBytes(StandardCharsets.UTF_8);
  }
}
