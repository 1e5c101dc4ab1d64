package dev.chaperone.app;

import dev.chaperone.app.cli.ChaperoneCommand;
import dev.chaperone.app.cli.CommandErrors;
import dev.chaperone.app.cli.VersionCommand;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;

/** Where the program starts. */
public final class Main {
  private Main() {}

  /** Runs one command and exits with its status. */
  public static void main(String[] arguments) {
    var out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    var err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    int status = commandLine(out, err).execute(arguments);
    out.flush();
    err.flush();
    System.exit(status);
  }

  /** Every command, writing to {@code out} and {@code err}; {@code execute} gives the status. */
  public static CommandLine commandLine(PrintWriter out, PrintWriter err) {
    var root = new ChaperoneCommand();
    var errors = new CommandErrors(root);
    return new CommandLine(root)
        .addSubcommand(new VersionCommand())
        .setOut(out)
        .setErr(err)
        .setParameterExceptionHandler(errors)
        .setExecutionExceptionHandler(errors);
  }
}
