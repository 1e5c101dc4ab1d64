package dev.chaperone.control.api;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What a call is answered with, whole. */
@SuppressWarnings("ArrayRecordComponent") // a carrier that is written once and compared by nobody
record Answer(int status, String contentType, byte[] body, Map<String, String> headers) {
  static Answer json(int status, JsonNode body) {
    return new Answer(
        status, "application/json", body.toString().getBytes(StandardCharsets.UTF_8), Map.of());
  }

  static Answer json(JsonNode body) {
    return json(200, body);
  }

  static Answer text(String contentType, String body) {
    return new Answer(200, contentType, body.getBytes(StandardCharsets.UTF_8), Map.of());
  }
}
