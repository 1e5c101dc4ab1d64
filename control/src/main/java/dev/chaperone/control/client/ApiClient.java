package dev.chaperone.control.client;

import dev.chaperone.control.record.DamagedEntryException;
import dev.chaperone.control.record.EntryJson;
import dev.chaperone.control.record.Visible;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Calls a gateway's API. Every call blocks, at most half a minute, and returns the API's own JSON.
 * Safe for several threads.
 */
public final class ApiClient implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration ANSWER = Duration.ofSeconds(30);
  private static final long MAX_ANSWER = 64L << 20;
  private static final Pattern ID = Pattern.compile("[rs]-[0-9a-z]{1,64}");

  private final HttpClient http;
  private final URI server;
  private final Supplier<String> token;

  /**
   * @param server the gateway's address, {@code https://host:port}
   * @param trust whom to trust, for example {@link Authorities#of}
   * @param token asked at each call; sent to the server alone, never shown
   * @throws IllegalArgumentException if the address is not https
   */
  public ApiClient(URI server, SSLContext trust, Supplier<String> token) {
    if (!"https".equalsIgnoreCase(server.getScheme()) || server.getHost() == null) {
      throw new IllegalArgumentException("the gateway's address is https://host:port");
    }
    this.server = server;
    this.token = token;
    this.http =
        HttpClient.newBuilder()
            .sslContext(trust)
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  /** Who the token says one is. */
  public JsonNode whoami() throws ApiException, InterruptedException {
    return get("/whoami", Map.of());
  }

  /** The targets. */
  public JsonNode targets() throws ApiException, InterruptedException {
    return get("/targets", Map.of());
  }

  /**
   * Reviews, newest first, as {@code {items, next}}.
   *
   * @param state one state alone; null for all
   * @param most how many at most; more pages are fetched as needed
   */
  public JsonNode reviews(@Nullable String state, int most)
      throws ApiException, InterruptedException {
    return listing("/reviews", state == null ? Map.of() : Map.of("state", state), most, 200);
  }

  /** One review. */
  public JsonNode review(String id) throws ApiException, InterruptedException {
    return get("/reviews/" + checked(id), Map.of());
  }

  /** Grants a review; returns it as it is then. */
  public JsonNode grant(String id, String reason) throws ApiException, InterruptedException {
    return post("/reviews/" + checked(id) + "/grant", reason);
  }

  /** Refuses a review; returns it as it is then. */
  public JsonNode refuse(String id, String reason) throws ApiException, InterruptedException {
    return post("/reviews/" + checked(id) + "/refuse", reason);
  }

  /** Ends a review without deciding it; returns it as it is then. */
  public JsonNode cancel(String id, String reason) throws ApiException, InterruptedException {
    return post("/reviews/" + checked(id) + "/cancel", reason);
  }

  /**
   * Asks until the review is no longer pending; returns it as it is then, or as it is after {@code
   * longest}. Blocks for that.
   *
   * @param every the pause between two questions
   */
  public JsonNode awaitDecision(String id, Duration every, Duration longest)
      throws ApiException, InterruptedException {
    long until = System.nanoTime() + longest.toNanos();
    while (true) {
      var review = review(id);
      if (!"pending".equals(EntryJson.text(review, "state")) || System.nanoTime() >= until) {
        return review;
      }
      Thread.sleep(every);
    }
  }

  /**
   * Sessions, newest first, as {@code {items, next}}.
   *
   * @param filter any of identity, target, state, since, until
   * @param most how many at most
   */
  public JsonNode sessions(Map<String, String> filter, int most)
      throws ApiException, InterruptedException {
    return listing("/sessions", filter, most, 500);
  }

  /** One session. */
  public JsonNode session(String id) throws ApiException, InterruptedException {
    return get("/sessions/" + checked(id), Map.of());
  }

  /** The commands of a session in their order, as {@code {items, next}}. */
  public JsonNode commands(String session, int most) throws ApiException, InterruptedException {
    return listing("/sessions/" + checked(session) + "/commands", Map.of(), most, 200);
  }

  /** Ends a session. */
  public JsonNode kill(String session, String reason) throws ApiException, InterruptedException {
    return post("/sessions/" + checked(session) + "/kill", reason);
  }

  /** Has the gateway read its configuration again. */
  public JsonNode reload() throws ApiException, InterruptedException {
    return send(request("/reload", Map.of()).POST(HttpRequest.BodyPublishers.noBody()).build());
  }

  private ObjectNode listing(String path, Map<String, String> filter, int most, int page)
      throws ApiException, InterruptedException {
    var whole = EntryJson.object();
    var items = whole.putArray("items");
    var query = new LinkedHashMap<>(new TreeMap<>(filter));
    while (items.size() < most) {
      query.put("limit", Integer.toString(Math.min(page, most - items.size())));
      var part = get(path, query);
      part.path("items").forEach(items::add);
      var next = EntryJson.text(part, "next");
      if (next == null) {
        whole.remove("next");
        break;
      }
      whole.put("next", next);
      query.put("cursor", next);
    }
    return whole;
  }

  private JsonNode get(String path, Map<String, String> query)
      throws ApiException, InterruptedException {
    return send(request(path, query).GET().build());
  }

  private JsonNode post(String path, String reason) throws ApiException, InterruptedException {
    var body = EntryJson.object().put("reason", reason).toString();
    return send(
        request(path, Map.of())
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  private HttpRequest.Builder request(String path, Map<String, String> query) {
    var address = new StringBuilder("/api/v1").append(path);
    char join = '?';
    for (var one : query.entrySet()) {
      address
          .append(join)
          .append(one.getKey())
          .append('=')
          .append(URLEncoder.encode(one.getValue(), StandardCharsets.UTF_8));
      join = '&';
    }
    return HttpRequest.newBuilder(server.resolve(address.toString()))
        .timeout(ANSWER)
        .header("Accept", "application/json")
        .header("Authorization", "Bearer " + token.get());
  }

  private JsonNode send(HttpRequest request) throws ApiException, InterruptedException {
    HttpResponse<byte[]> response;
    try {
      response =
          http.send(
              request,
              HttpResponse.BodyHandlers.limiting(
                  HttpResponse.BodyHandlers.ofByteArray(), MAX_ANSWER));
    } catch (IOException e) {
      throw new ApiException(0, "", "cannot reach " + server + ": " + why(e));
    }
    var json = json(response);
    if (response.statusCode() / 100 != 2) {
      var type = EntryJson.text(json, "type");
      throw new ApiException(
          response.statusCode(),
          type == null ? "about:blank" : type,
          message(response.statusCode(), json));
    }
    return json;
  }

  private JsonNode json(HttpResponse<byte[]> response) throws ApiException {
    try {
      return EntryJson.parse(new String(response.body(), StandardCharsets.UTF_8));
    } catch (DamagedEntryException e) {
      throw new ApiException(
          response.statusCode(),
          "about:blank",
          server + " answered " + response.statusCode() + " without JSON; is it a gateway?");
    }
  }

  private static String message(int status, JsonNode problem) {
    var detail = EntryJson.text(problem, "detail");
    var title = EntryJson.text(problem, "title");
    return Visible.line(
        detail != null ? detail : title != null ? title : "the gateway answered " + status);
  }

  private static String why(IOException e) {
    for (@Nullable Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause.getMessage() != null) {
        return Visible.line(cause.getMessage());
      }
    }
    return e.getClass().getSimpleName();
  }

  private static String checked(String id) {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException("not an id: " + Visible.line(id));
    }
    return id;
  }

  @Override
  public void close() {
    http.shutdownNow();
    http.close();
  }
}
