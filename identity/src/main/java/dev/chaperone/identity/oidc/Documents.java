package dev.chaperone.identity.oidc;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Fetches small JSON documents: one GET, no redirects, a bounded size and a bounded time from start
 * to end. Blocking, safe for many threads.
 */
final class Documents implements AutoCloseable {
  /** The longest that one fetch takes, however slowly the bytes drip. */
  static final Duration LONGEST = Duration.ofSeconds(5);

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

  private final HttpClient client =
      HttpClient.newBuilder()
          .connectTimeout(CONNECT_TIMEOUT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  /** The body of a 200 answer; anything else is an error that names the address and the cause. */
  byte[] get(URI address) throws IOException {
    var request =
        HttpRequest.newBuilder(address)
            .timeout(LONGEST)
            .header("Accept", "application/json")
            .build();
    var limited = BodyHandlers.limiting(BodyHandlers.ofByteArray(), PublicKeys.MAX_BYTES);
    var answer = client.sendAsync(request, limited);
    try {
      HttpResponse<byte[]> response = answer.get(LONGEST.toMillis(), TimeUnit.MILLISECONDS);
      if (response.statusCode() != 200) {
        throw new IOException(address + " answers with status " + response.statusCode());
      }
      return response.body();
    } catch (ExecutionException e) {
      throw new IOException(address + ": " + e.getCause(), e);
    } catch (TimeoutException e) {
      throw new IOException(address + " did not answer within " + LONGEST, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while fetching " + address, e);
    } finally {
      answer.cancel(true);
    }
  }

  /** Ends what is under way. */
  @Override
  public void close() {
    client.shutdownNow();
  }
}
