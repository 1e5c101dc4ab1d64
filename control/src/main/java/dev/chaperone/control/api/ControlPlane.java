package dev.chaperone.control.api;

import dev.chaperone.control.projection.Projection;
import dev.chaperone.control.reviews.Reviews;
import dev.chaperone.core.session.Sessions;
import dev.chaperone.core.snapshot.Snapshot;
import dev.chaperone.journal.Journal;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;

/**
 * What the API speaks for. The caller owns and closes all of it.
 *
 * @param journal the truth
 * @param sessions those that are open on this node
 * @param snapshots the configuration in force, its sign-in too
 * @param roles who administers and audits, now
 * @param projection what is looked up, followed by its own thread
 * @param reviews held commands
 * @param reload makes the gateway read its configuration again
 * @param logs what is published under {@code /log/}
 */
public record ControlPlane(
    Journal journal,
    Sessions sessions,
    Supplier<Snapshot> snapshots,
    Supplier<Roles> roles,
    Projection projection,
    Reviews reviews,
    Reload reload,
    List<PublishedLog> logs,
    Clock clock) {

  public ControlPlane {
    logs = List.copyOf(logs);
  }

  /** Makes the gateway read its configuration again. */
  @FunctionalInterface
  public interface Reload {
    /**
     * Puts the new configuration in force as a whole, or changes nothing.
     *
     * @param by who asked for it, for the record
     * @throws RefusedException if it is not valid
     */
    void reload(String by) throws RefusedException;

    /** A configuration that was not taken; its message names file, line and key. */
    final class RefusedException extends Exception {
      private static final long serialVersionUID = 1L;

      public RefusedException(String message) {
        super(message);
      }
    }
  }

  /**
   * A log as C2SP tlog-tiles has it.
   *
   * @param origin its name
   * @param key its verifier key, one line as {@code key.pub} has it
   * @param directory holds {@code checkpoint} and {@code tile/}
   */
  public record PublishedLog(String origin, String key, Path directory) {}
}
