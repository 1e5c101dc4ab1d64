package dev.chaperone.postgres.session;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The session's {@code application_name} on the server, which names the session and who acts, and
 * the client's own, which the client alone is shown. A client may set it; then the gateway sets it
 * back. The response pump reports, the request pump asks.
 */
final class ApplicationName {
  private final String ofGateway;
  private final String ofClient;
  private volatile boolean changed;
  private String shown; // the response pump's alone, like the next
  private boolean reset;

  /**
   * @param ofGateway what the server has at the start
   * @param ofClient what the client gave itself at the start
   */
  ApplicationName(String ofGateway, String ofClient) {
    this.ofGateway = ofGateway;
    this.ofClient = ofClient;
    this.shown = ofClient;
  }

  /**
   * The server has reported a value.
   *
   * @param byGateway whether the gateway's own question brought it about
   * @return what the client is shown, if anything
   */
  Optional<String> reported(String value, boolean byGateway) {
    changed = !value.equals(ofGateway);
    if (!changed && byGateway) {
      return Optional.empty(); // set back by the gateway, the client keeps what it set
    }
    shown = changed ? value : ofClient; // reset by itself, it has what it came with
    return Optional.of(shown);
  }

  /** A statement of the client's has reset it; the server reports nothing if it was set back. */
  void resetByClient() {
    reset = true;
  }

  boolean isOfGateway(@Nullable String name) {
    return ofGateway.equals(name);
  }

  /** The name that the client gave itself last. The response pump asks. */
  String forClient() {
    return reset ? ofClient : shown;
  }

  /** What the client is still to be shown before it is told that the server is ready. */
  Optional<String> due() {
    boolean due = reset && !shown.equals(ofClient);
    reset = false;
    if (due) {
      shown = ofClient;
    }
    return due ? Optional.of(shown) : Optional.empty();
  }

  /** Whether the server has another value than the gateway's. */
  boolean isChanged() {
    return changed;
  }

  /** What sets it back. */
  String settingBack() {
    return "SET application_name = '" + ofGateway.replace("'", "''") + "'";
  }
}
