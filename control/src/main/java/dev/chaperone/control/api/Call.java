package dev.chaperone.control.api;

import dev.chaperone.control.record.DamagedEntryException;
import dev.chaperone.control.record.EntryJson;
import dev.chaperone.control.record.Visible;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** One request and the parts of its path. */
final class Call {
  /** The longest body that is read. */
  static final int MAX_BODY = 16 << 10;

  private static final int MAX_REASON = 1_000;

  private final ServerRequest request;
  private final Matcher path;

  /**
   * @param path the route's pattern, matched
   */
  Call(ServerRequest request, Matcher path) {
    this.request = request;
    this.path = path;
  }

  /** A named part of the path. */
  String part(String name) {
    return path.group(name);
  }

  /** The client's network address, without port. */
  String origin() {
    return request.remotePeer().address() instanceof InetSocketAddress address
        ? address.getAddress().getHostAddress()
        : "unknown";
  }

  /** The bearer token (RFC 6750), if there is one. */
  Optional<String> bearer() throws Problem {
    var values = request.headers().all(HeaderNames.AUTHORIZATION, List::of);
    if (values.isEmpty()) {
      return Optional.empty();
    }
    if (values.size() > 1) {
      throw Problem.badRequest("one Authorization header, not " + values.size());
    }
    var value = values.getFirst();
    if (!value.toLowerCase(Locale.ROOT).startsWith("bearer ")) {
      return Optional.empty();
    }
    return Optional.of(value.substring("bearer ".length()).strip());
  }

  /** Refuses query parameters that mean nothing here, so that a misspelt filter is noticed. */
  void only(String... allowed) throws Problem {
    var known = Set.of(allowed);
    for (var name : request.query().names()) {
      if (!known.contains(name)) {
        throw Problem.badRequest("unknown query parameter: " + shortened(name));
      }
      if (request.query().all(name).size() > 1) {
        throw Problem.badRequest("query parameter given twice: " + name);
      }
    }
  }

  /** A query parameter; null where it is missing or empty. */
  @Nullable String query(String name) {
    return request.query().contains(name) && !request.query().get(name).isEmpty()
        ? request.query().get(name)
        : null;
  }

  /** A query parameter that is a time as RFC 3339. */
  @Nullable Instant queryTime(String name) throws Problem {
    var text = query(name);
    if (text == null) {
      return null;
    }
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException e) {
      throw Problem.badRequest(name + " is no RFC 3339 time, for example 2026-11-23T09:15:00Z");
    }
  }

  /** The query parameter {@code limit}, from 1 to {@code most}. */
  int limit(int otherwise, int most) throws Problem {
    var text = query("limit");
    if (text == null) {
      return otherwise;
    }
    try {
      int limit = Integer.parseInt(text);
      if (limit >= 1 && limit <= most) {
        return limit;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw Problem.badRequest("limit is a number from 1 to " + most);
  }

  /** The index that the query parameter {@code cursor} stands for, or {@code otherwise}. */
  long cursor(long otherwise) throws Problem {
    var text = query("cursor");
    return text == null ? otherwise : Cursor.read(text);
  }

  /**
   * The {@code reason} of a body {@code {"reason": "…"}}.
   *
   * @param needed whether there must be one
   */
  String reason(boolean needed) throws Problem, IOException {
    var body = body();
    if (body == null) {
      if (needed) {
        throw Problem.badRequest("the body is {\"reason\": \"…\"}");
      }
      return "";
    }
    for (var name : body.propertyNames()) {
      if (!name.equals("reason")) {
        throw Problem.badRequest("unknown field in the body: " + shortened(name));
      }
    }
    var reason = EntryJson.text(body, "reason");
    if (reason == null && (needed || body.has("reason"))) {
      throw Problem.badRequest("reason is a text");
    }
    if (reason != null && reason.length() > MAX_REASON) {
      throw Problem.badRequest("reason has at most " + MAX_REASON + " characters");
    }
    return reason == null ? "" : reason;
  }

  private @Nullable ObjectNode body() throws Problem, IOException {
    if (!request.content().hasEntity()) {
      return null;
    }
    byte[] bytes = request.content().inputStream().readNBytes(MAX_BODY + 1);
    if (bytes.length > MAX_BODY) {
      throw Problem.tooLarge("a body has at most " + MAX_BODY + " bytes");
    }
    if (bytes.length == 0) {
      return null;
    }
    var media = request.headers().contentType().map(type -> type.mediaType().text()).orElse("");
    if (!media.equals("application/json")) {
      throw Problem.unsupportedMedia();
    }
    try {
      var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      JsonNode json = EntryJson.parse(text);
      if (json instanceof ObjectNode object) {
        return object;
      }
    } catch (CharacterCodingException | DamagedEntryException e) {
      throw Problem.badRequest("the body is not JSON in UTF-8");
    }
    throw Problem.badRequest("the body is not a JSON object");
  }

  private static String shortened(String name) {
    var shown = Visible.line(name);
    return shown.length() <= 60 ? shown : shown.substring(0, 60) + "…";
  }
}
