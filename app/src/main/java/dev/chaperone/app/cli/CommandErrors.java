package dev.chaperone.app.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * How an error reaches the person at the terminal: one line on standard error that says what is
 * wrong and what to do; a stack trace with {@code --debug} alone.
 */
public final class CommandErrors implements IParameterExceptionHandler, IExecutionExceptionHandler {
  private final ChaperoneCommand root;

  public CommandErrors(ChaperoneCommand root) {
    this.root = root;
  }

  @Override
  public int handleParseException(ParameterException e, String[] arguments) {
    var err = e.getCommandLine().getErr();
    var command = e.getCommandLine().getCommandSpec().qualifiedName();
    err.println(oneLine("chaperone: " + e.getMessage()));
    if (!UnmatchedArgumentException.printSuggestions(e, err)) {
      err.println("Try '" + command + " --help'.");
    }
    trace(e, err);
    return ExitStatus.USAGE;
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine commandLine, ParseResult parsed) {
    var err = commandLine.getErr();
    int status = e instanceof CommandFailedException failed ? failed.status() : ExitStatus.FAILED;
    err.println(oneLine("chaperone: " + said(e)));
    trace(e, err);
    return status;
  }

  /** An exception that we did not make says little by its message alone, so its kind is named. */
  private static String said(Exception e) {
    if (e instanceof CommandFailedException && e.getMessage() != null) {
      return e.getMessage();
    }
    return "unexpected "
        + e.getClass().getSimpleName()
        + (e.getMessage() == null ? "" : ": " + e.getMessage())
        + " (--debug shows where)";
  }

  private void trace(Exception e, PrintWriter err) {
    if (root.debug()) {
      e.printStackTrace(err);
    }
  }

  private static String oneLine(String message) {
    return message.strip().replaceAll("\\s*\\R\\s*", "; ");
  }
}
