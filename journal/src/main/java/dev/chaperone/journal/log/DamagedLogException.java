package dev.chaperone.journal.log;

import java.io.IOException;
import java.nio.file.Path;

/** What the disk holds is not what was written there. The message names file and offset. */
public final class DamagedLogException extends IOException {
  private static final long serialVersionUID = 1L;

  public DamagedLogException(Path file, long offset, String what) {
    super("the log is damaged: " + file + ", offset " + offset + ": " + what);
  }

  public DamagedLogException(String message) {
    super(message);
  }
}
