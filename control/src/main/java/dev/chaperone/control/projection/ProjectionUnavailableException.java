package dev.chaperone.control.projection;

import org.jspecify.annotations.Nullable;

/**
 * The state file cannot be read or brought up to date. Commands go on without it; what is looked up
 * in it waits until it is well again.
 */
public final class ProjectionUnavailableException extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what is wrong, for the operator
   */
  public ProjectionUnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
