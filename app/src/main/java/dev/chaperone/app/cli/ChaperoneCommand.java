package dev.chaperone.app.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** {@code chaperone} itself: what all commands share. */
@Command(
    name = "chaperone",
    description = "An access gateway that identifies, decides, records, approves and masks.",
    synopsisSubcommandLabel = "COMMAND")
public final class ChaperoneCommand {
  private boolean debug;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show this help.")
  void help(boolean asked) {} // picocli acts on it

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Show a stack trace with an error.")
  void debug(boolean asked) {
    this.debug = asked;
  }

  /** Whether errors come with a stack trace. */
  public boolean debug() {
    return debug;
  }
}
