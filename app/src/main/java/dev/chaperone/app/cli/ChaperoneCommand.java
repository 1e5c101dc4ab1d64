package dev.chaperone.app.cli;

import dev.chaperone.control.client.ApiClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

  @Command(name = "targets", description = "List the targets that the gateway leads to.")
  int targets(@Mixin ServerOptions server) throws CommandFailedException, InterruptedException {
    server.print(ApiClient::targets, TargetText::list);
    return ExitStatus.DONE;
  }

  /** Whether errors come with a stack trace. */
  public boolean debug() {
    return debug;
  }
}
