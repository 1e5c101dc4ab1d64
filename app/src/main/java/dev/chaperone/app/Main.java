package dev.chaperone.app;

import dev.chaperone.app.cli.ChaperoneCommand;
import dev.chaperone.app.cli.CommandErrors;
import dev.chaperone.app.cli.ConfigCommands;
import dev.chaperone.app.cli.DemoCommand;
import dev.chaperone.app.cli.PolicyCommands;
import dev.chaperone.app.cli.ReviewsCommand;
import dev.chaperone.app.cli.ServeCommand;
import dev.chaperone.app.cli.ServerOptions;
import dev.chaperone.app.cli.SessionsCommand;
import dev.chaperone.app.cli.VerifyCommand;
import dev.chaperone.app.cli.VersionCommand;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** Where the program starts. */
public final class Main {
  private Main() {}

  /** Runs one command and exits with its status. */
  public static void main(String[] arguments) {
    var out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    var err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    int status = commandLine(out, err, System::getenv).execute(arguments);
    out.flush();
    err.flush();
    System.exit(status);
  }

  /**
   * Every command, writing to {@code out} and {@code err}; {@code execute} gives the exit status.
   *
   * @param environment the value of a variable, or null
   */
  public static CommandLine commandLine(
      PrintWriter out, PrintWriter err, UnaryOperator<@Nullable String> environment) {
    var root = new ChaperoneCommand();
    var errors = new CommandErrors(root);
    return new CommandLine(root, new Options(environment))
        .addSubcommand(new ConfigCommands())
        .addSubcommand(new DemoCommand())
        .addSubcommand(new PolicyCommands())
        .addSubcommand(new ReviewsCommand())
        .addSubcommand(new ServeCommand())
        .addSubcommand(new SessionsCommand())
        .addSubcommand(new VerifyCommand())
        .addSubcommand(new VersionCommand())
        .setOut(out)
        .setErr(err)
        .setParameterExceptionHandler(errors)
        .setExecutionExceptionHandler(errors);
  }

  /** Makes the objects that commands share; everything else is made as picocli does it. */
  private record Options(UnaryOperator<@Nullable String> environment)
      implements CommandLine.IFactory {
    @Override
    public <K> K create(Class<K> type) throws Exception {
      return type == ServerOptions.class
          ? type.cast(new ServerOptions(environment))
          : CommandLine.defaultFactory().create(type);
    }
  }
}
