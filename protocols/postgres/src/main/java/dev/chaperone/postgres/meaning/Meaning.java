package dev.chaperone.postgres.meaning;

import dev.chaperone.core.command.Command;
import dev.chaperone.core.command.Parameter;
import dev.chaperone.postgres.catalogue.Catalogue;
import dev.chaperone.sql.Reading;
import java.util.List;

/** Turns what a text says into a command that can be decided. Pure and total. */
public final class Meaning {
  private Meaning() {}

  /**
   * The command that a text is.
   *
   * @param text as the client sent it
   * @param reading what the grammar made of it
   * @param parameters the values bound to it; empty while it is only prepared
   */
  public static Outcome of(
      String text,
      Reading reading,
      List<Parameter> parameters,
      Catalogue catalogue,
      SessionSettings session,
      Prepared prepared) {
    return new Outcome(new Command.Unreadable(text, "no meaning yet"), List.of(), List.of(), null);
  }
}
