package dev.chaperone.app.serve;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has been opened so far, closed in the opposite order: also when opening the next thing fails
 * half-way. Safe for several threads; who closes second waits for the first.
 */
public final class Opened implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Opened.class);

  private final Deque<Part> parts = new ArrayDeque<>();

  private record Part(String name, AutoCloseable closing) {}

  /** Takes something that was opened, to close it later; {@code name} is for the log. */
  public synchronized <T extends AutoCloseable> T add(String name, T opened) {
    parts.push(new Part(name, opened));
    return opened;
  }

  /** Closes everything. A part that fails to close is logged and does not stop the others. */
  @Override
  public synchronized void close() {
    while (!parts.isEmpty()) {
      var part = parts.pop();
      try {
        part.closing().close();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        LOG.error("stopping {} was interrupted", part.name());
      } catch (Exception e) {
        LOG.error("{} did not stop cleanly: {}", part.name(), e.getMessage(), e);
      }
    }
  }
}
