package dev.chaperone.app.cli;

import dev.chaperone.app.config.Configuration;
import dev.chaperone.core.yaml.ConfigurationException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chaperone config check}: whether the gateway could start with a configuration. */
@Command(
    name = "check",
    description = "Check a configuration and all that it names: policy, certificates, secrets.",
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {"0:it can be used", "2:it cannot; file, line, column and key are named"})
public final class ConfigCheck implements Callable<Integer> {
  private CommandSpec spec = CommandSpec.create();
  private Path file = Configuration.DEFAULT_FILE;

  @Spec
  void spec(CommandSpec filledIn) {
    this.spec = filledIn;
  }

  @Option(names = "--config", paramLabel = "FILE", description = "The configuration.")
  void option(Path value) {
    this.file = value;
  }

  @Parameters(arity = "0..1", paramLabel = "FILE", description = "The configuration.")
  void file(Path value) {
    this.file = value;
  }

  @Override
  public Integer call() throws CommandFailedException {
    try {
      var loaded = Configuration.load(file);
      spec.commandLine()
          .getOut()
          .printf(
              "%s can be used: targets %s; issuers %d; rules %d%n",
              file,
              String.join(", ", loaded.targets().keySet()),
              loaded.issuers().size(),
              loaded.policyFile().rules().size());
      return ExitStatus.DONE;
    } catch (ConfigurationException e) {
      throw PolicyFiles.wrong(e);
    }
  }
}
