package dev.chaperone.app.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.chaperone.app.demo.Demo;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code chaperone demo}: the main job on real input, each step checked. */
@Command(
    name = "demo",
    description = "Show the main job on a real PostgreSQL, step by step, each step checked.")
public final class DemoCommand implements Callable<Integer> {
  private CommandSpec spec = CommandSpec.create();
  private Path directory = Path.of("chaperone-demo");
  private boolean stay;

  @Spec
  void spec(CommandSpec filledIn) {
    this.spec = filledIn;
  }

  @Option(
      names = "--directory",
      paramLabel = "DIR",
      description = "The demo's own directory; ./chaperone-demo unless said otherwise.")
  void directory(Path value) {
    this.directory = value;
  }

  @Option(
      names = "--stay",
      description = "Leave everything running until Ctrl-C, and tell how to use it.")
  void stay(boolean asked) {
    this.stay = asked;
  }

  @Override
  public Integer call() throws CommandFailedException, InterruptedException {
    // The story is told on standard output; only what is wrong stands beside it.
    if (LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME) instanceof Logger root) {
      root.setLevel(Level.WARN);
    }
    var demo = new Demo(spec.commandLine().getOut(), directory);
    var stopping = new AtomicBoolean();
    var hook = new Thread(() -> stop(demo, stopping), "stop");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      boolean held = demo.run(stay);
      if (stay) {
        new CountDownLatch(1).await(); // until Ctrl-C, which the hook answers
      }
      return held ? ExitStatus.DONE : ExitStatus.FAILED;
    } catch (CommandFailedException e) {
      if (stopping.get()) {
        return ExitStatus.FAILED; // it failed because it is being stopped
      }
      throw e;
    } finally {
      demo.close();
      if (!stopping.get()) {
        Runtime.getRuntime().removeShutdownHook(hook);
      }
    }
  }

  private static void stop(Demo demo, AtomicBoolean stopping) {
    stopping.set(true);
    demo.close();
  }
}
