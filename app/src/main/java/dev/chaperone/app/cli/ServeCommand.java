package dev.chaperone.app.cli;

import dev.chaperone.app.config.Configuration;
import dev.chaperone.app.serve.Hangup;
import dev.chaperone.app.serve.Node;
import dev.chaperone.control.projection.ProjectionUnavailableException;
import dev.chaperone.core.yaml.ConfigurationException;
import dev.chaperone.journal.JournalUnavailableException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code chaperone serve}: runs the gateway until it is told to stop. SIGHUP reloads the
 * configuration; SIGTERM and SIGINT stop in order.
 */
@Command(
    name = "serve",
    description = "Run the gateway. SIGHUP reloads the configuration, SIGTERM stops in order.")
public final class ServeCommand implements Callable<Integer> {
  private CommandSpec spec = CommandSpec.create();
  private Path config = Configuration.DEFAULT_FILE;

  @Spec
  void spec(CommandSpec filledIn) {
    this.spec = filledIn;
  }

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The configuration; ./chaperone.yaml unless said otherwise.")
  void config(Path file) {
    this.config = file;
  }

  @Override
  public Integer call() throws CommandFailedException, InterruptedException {
    var node = start(config);
    var stopped = new CountDownLatch(1);
    // The hook runs on SIGTERM and SIGINT; the JVM ends when it is done.
    Runtime.getRuntime().addShutdownHook(new Thread(node::close, "stop"));
    Hangup.onSignal(() -> node.reload("SIGHUP"));
    tell(node, spec.commandLine().getErr());
    stopped.await();
    return ExitStatus.DONE;
  }

  /**
   * Starts a gateway.
   *
   * @throws CommandFailedException with one line that says why it cannot start
   */
  public static Node start(Path config) throws CommandFailedException {
    try {
      return Node.start(config, Clock.systemUTC());
    } catch (ConfigurationException e) {
      throw new CommandFailedException(ExitStatus.USAGE, String.valueOf(e.getMessage()), e);
    } catch (IOException | JournalUnavailableException | ProjectionUnavailableException e) {
      throw new CommandFailedException(ExitStatus.FAILED, String.valueOf(e.getMessage()), e);
    }
  }

  private static void tell(Node node, PrintWriter to) {
    node.web().ifPresent(address -> to.println("web: https:/" + address));
    node.listening()
        .forEach((protocol, address) ->
            to.println(protocol + ": " + address.getHostString() + ":" + address.getPort()));
    node.authority().ifPresent(file -> to.println("clients verify with: " + file.toAbsolutePath()));
    to.println("chaperone " + VersionCommand.version() + " is ready");
  }
}
