package dev.chaperone.app.serve;

import dev.chaperone.app.config.HostPort;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Where people decide reviews, for messages to clients. */
final class ReviewAddress {
  private ReviewAddress() {}

  /**
   * Gives the address that a review's id is appended to, for the configured address of the gateway;
   * for an empty one, that on which {@code web} listens.
   */
  static UnaryOperator<String> of(@Nullable HostPort web) {
    return configured -> {
      if (!configured.isEmpty()) {
        return configured + "/reviews/";
      }
      return web == null ? "/reviews/" : "https://" + web + "/reviews/";
    };
  }
}
