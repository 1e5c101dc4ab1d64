package dev.chaperone.app.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chaperone policy check}: whether a policy can be loaded. */
@Command(
    name = "check",
    description = "Check that a policy can be loaded; its tests are not run.",
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {"0:it can", "2:it cannot; file, line, column and key are named"})
final class PolicyCheck implements Callable<Integer> {
  @Mixin private final PolicyFiles files = new PolicyFiles();
  private CommandSpec spec = CommandSpec.create();
  private @Nullable Path policy;

  @Spec
  void spec(CommandSpec filledIn) {
    this.spec = filledIn;
  }

  @Parameters(arity = "0..1", paramLabel = "FILE", description = "The policy.")
  void policy(Path file) {
    this.policy = file;
  }

  @Override
  public Integer call() throws CommandFailedException {
    var file = files.load(policy).file();
    spec.commandLine()
        .getOut()
        .printf(
            "%s can be loaded: rules %d, masks %d, tests %d%n",
            file.file(), file.rules().size(), file.masks().size(), file.tests().size());
    return ExitStatus.DONE;
  }
}
