package dev.chaperone.postgres.catalogue;

import java.io.IOException;

/** A database holds more than a snapshot of its catalogue may. */
public final class CatalogueTooLargeException extends IOException {
  private static final long serialVersionUID = 1L;

  CatalogueTooLargeException(String what, int most) {
    super("the database has more than " + most + " " + what + ", too many to be controlled");
  }
}
