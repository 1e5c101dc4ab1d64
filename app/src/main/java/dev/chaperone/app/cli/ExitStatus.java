package dev.chaperone.app.cli;

/** The program's exit statuses; a part of its public surface. */
public final class ExitStatus {
  /** Done, or verified. */
  public static final int DONE = 0;

  /** Refused, or failed. */
  public static final int FAILED = 1;

  /** Wrong usage or configuration. */
  public static final int USAGE = 2;

  /** {@code verify}: the log was tampered with or is damaged. */
  public static final int TAMPERED = 3;

  /** {@code verify}: sound as far as a checkpoint covers, and entries stand beyond it. */
  public static final int UNCOVERED = 4;

  /** {@code verify}: what was given cannot be read or judged. */
  public static final int UNREADABLE = 5;

  private ExitStatus() {}
}
