package dev.chaperone.app.cli;

import dev.chaperone.app.config.Configuration;
import dev.chaperone.app.config.PolicySource;
import dev.chaperone.core.yaml.ConfigurationException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which files a policy command works on. */
final class PolicyFiles {
  private @Nullable Path configuration;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The configuration whose targets, and whose policy if none is named, count.")
  void configuration(Path file) {
    this.configuration = file;
  }

  /** Reads the policy that is named, else the configuration's, else {@code ./policy.yaml}. */
  PolicySource load(@Nullable Path policy) throws CommandFailedException {
    var configured = configuration;
    if (configured == null && policy == null && Files.exists(Configuration.DEFAULT_FILE)) {
      configured = Configuration.DEFAULT_FILE;
    }
    try {
      return PolicySource.load(policy, configured);
    } catch (ConfigurationException e) {
      throw wrong(e);
    }
  }

  /** A configuration's mistake as a command reports it. */
  static CommandFailedException wrong(ConfigurationException e) {
    return new CommandFailedException(ExitStatus.USAGE, String.valueOf(e.getMessage()), e);
  }
}
