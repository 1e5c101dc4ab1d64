package dev.chaperone.e2e.postgres;

import dev.chaperone.control.client.ApiClient;
import dev.chaperone.control.client.ApiException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/**
 * A colleague who looks at what waits until closed: grants what says {@code grant me}, in its text
 * or in a value, refuses what says {@code refuse me}, and leaves the rest.
 */
final class Reviewer implements AutoCloseable {
  private static final String REASON = "as it says";

  private final ApiClient api;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final CompletableFuture<Void> work;

  Reviewer(ApiClient api) {
    this.api = api;
    this.work = CompletableFuture.runAsync(this::decide, Thread::startVirtualThread);
  }

  private void decide() {
    try {
      while (!closing.await(100, TimeUnit.MILLISECONDS)) {
        for (var review : api.reviews("pending", 100).path("items")) {
          decide(review);
        }
      }
    } catch (ApiException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void decide(JsonNode review) throws ApiException, InterruptedException {
    var id = review.path("id").asString();
    var command = review.path("command").toString(); // its text and its values
    try {
      if (command.contains("grant me")) {
        api.grant(id, REASON);
      } else if (command.contains("refuse me")) {
        api.refuse(id, REASON);
      }
    } catch (ApiException e) {
      if (e.status() != 409) { // decided, or withdrawn, since it was listed
        throw e;
      }
    }
  }

  /** Ends the work; throws what went wrong in it. */
  @Override
  public void close() {
    closing.countDown();
    work.join();
    api.close();
  }
}
