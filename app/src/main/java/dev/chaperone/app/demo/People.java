package dev.chaperone.app.demo;

import dev.chaperone.app.demo.DemoIssuer.Someone;
import dev.chaperone.control.client.ApiClient;
import dev.chaperone.control.client.ApiException;
import dev.chaperone.control.client.Authorities;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import tools.jackson.databind.JsonNode;

/** What the demo's people do through the gateway's API, each with a token of their own. */
final class People {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final URI server;
  private final Path authority;
  private final DemoIssuer issuer;

  People(URI server, Path authority, DemoIssuer issuer) {
    this.server = server;
    this.authority = authority;
    this.issuer = issuer;
  }

  /** The API as this person sees it; the caller closes it. */
  ApiClient as(Someone someone) throws IOException {
    return new ApiClient(server, Authorities.of(authority), () -> issuer.token(someone));
  }

  /** The one pending review, in full, as the reviewer sees it; blocks until there is one. */
  JsonNode pending() throws IOException, ApiException, InterruptedException {
    try (var reviewer = as(Someone.REVIEWER)) {
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (System.nanoTime() < deadline) {
        var items = reviewer.reviews("pending", 10).path("items");
        if (!items.isEmpty()) {
          return reviewer.review(items.get(0).path("id").asString());
        }
        Thread.sleep(PAUSE);
      }
      throw new IllegalStateException("no review came up in " + PATIENCE.toSeconds() + " s");
    }
  }

  JsonNode grant(Someone someone, String id, String reason)
      throws IOException, ApiException, InterruptedException {
    try (var client = as(someone)) {
      return client.grant(id, reason);
    }
  }

  JsonNode refuse(Someone someone, String id, String reason)
      throws IOException, ApiException, InterruptedException {
    try (var client = as(someone)) {
      return client.refuse(id, reason);
    }
  }
}
