package dev.chaperone.app.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code chaperone version}: the program's version and the Java that it runs on. */
@Command(name = "version", description = "Print the version.")
public final class VersionCommand implements Callable<Integer> {
  private CommandSpec spec = CommandSpec.create();

  @Spec
  void spec(CommandSpec filledIn) {
    this.spec = filledIn;
  }

  @Override
  public Integer call() {
    spec.commandLine()
        .getOut()
        .println("chaperone " + version() + " (Java " + Runtime.version() + ")");
    return ExitStatus.DONE;
  }

  /** The version that the build wrote. */
  public static String version() {
    try (var text =
        Objects.requireNonNull(VersionCommand.class.getResourceAsStream("/chaperone-version"))) {
      return new String(text.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("the program's version cannot be read", e);
    }
  }
}
