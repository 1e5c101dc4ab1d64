package dev.chaperone.core.policy;

import dev.chaperone.core.command.Command;
import dev.chaperone.core.command.Parameter;
import java.util.List;

/** Tells what a text would be as a command, without the resource: for tests and trials. */
public interface CommandReader {
  /**
   * Reads a text. Total: what cannot be read is {@link Command.Unreadable}.
   *
   * @param target the target's name
   * @param text what would run
   * @param parameters values bound to it
   */
  Command read(String target, String text, List<Parameter> parameters);
}
