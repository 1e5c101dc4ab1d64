package dev.chaperone.app.cli;

import dev.chaperone.app.config.WrittenSql;
import dev.chaperone.core.command.Bytes;
import dev.chaperone.core.command.Parameter;
import dev.chaperone.core.identity.Identity;
import dev.chaperone.core.identity.Intent;
import dev.chaperone.core.policy.Circumstances;
import dev.chaperone.core.policy.TestIdentity;
import dev.chaperone.core.target.Target;
import dev.chaperone.core.yaml.ConfigurationException;
import dev.chaperone.core.yaml.YamlReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chaperone policy try}: what a policy would say of one command, and why. */
@Command(
    name = "try",
    description = "Say what a policy would say of one command, and why. Nothing runs.",
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {"0:the verdict is printed, whatever it is", "2:wrong usage or policy"})
final class PolicyTry implements Callable<Integer> {
  @Mixin private final PolicyFiles files = new PolicyFiles();
  private CommandSpec spec = CommandSpec.create();
  private @Nullable Path policy;
  private String identity = "";
  private String target = "";
  private String intent = "";
  private String login = "";
  private String origin = "127.0.0.1";
  private String command = "";
  private List<String> parameters = List.of();
  private boolean json;

  @Spec
  void spec(CommandSpec filledIn) {
    this.spec = filledIn;
  }

  @Option(names = "--policy", paramLabel = "FILE", description = "The policy.")
  void policy(Path file) {
    this.policy = file;
  }

  @Option(
      names = "--identity",
      required = true,
      paramLabel = "YAML",
      description = "Who asks, as in a policy's tests: '{kind: agent, subject: bot, groups: [x]}'.")
  void identity(String yaml) {
    this.identity = yaml;
  }

  @Option(names = "--target", required = true, paramLabel = "NAME", description = "On what.")
  void target(String name) {
    this.target = name;
  }

  @Option(names = "--intent", paramLabel = "TEXT", description = "What the actor says it does.")
  void intent(String text) {
    this.intent = text;
  }

  @Option(names = "--login", paramLabel = "NAME", description = "The login on the target.")
  void login(String name) {
    this.login = name;
  }

  @Option(names = "--origin", paramLabel = "ADDRESS", description = "The client's address.")
  void origin(String address) {
    this.origin = address;
  }

  @Option(
      names = "--parameter",
      paramLabel = "VALUE",
      description = "A value bound to the command; once for each, in order.")
  void parameters(List<String> values) {
    this.parameters = values;
  }

  @Option(names = "--json", description = "Print one JSON document.")
  void json(boolean asked) {
    this.json = asked;
  }

  @Parameters(paramLabel = "SQL", description = "What would run.")
  void command(String sql) {
    this.command = sql;
  }

  @Override
  public Integer call() throws CommandFailedException {
    var source = files.load(policy);
    if (!source.targets().isEmpty() && !source.targets().containsKey(target)) {
      throw new CommandFailedException(
          ExitStatus.USAGE, "there is no target `" + target + "` in the configuration");
    }
    if (!Target.NAME.matcher(target).matches()) {
      throw new CommandFailedException(ExitStatus.USAGE, "not a target's name: " + target);
    }
    var now = Instant.now();
    try (var sql = new WrittenSql()) {
      var read = sql.read(target, command, parameters.stream().map(PolicyTry::parameter).toList());
      var circumstances =
          new Circumstances(
              identity(),
              new Intent(intent, null, null),
              source.target(target),
              origin,
              login,
              now,
              now);
      var trial = new PolicyTrial(read, source.policy().explain(circumstances, read));
      var out = spec.commandLine().getOut();
      if (json) {
        out.println(trial.json().toPrettyString());
      } else {
        trial.lines().forEach(out::println);
      }
      return ExitStatus.DONE;
    }
  }

  private Identity identity() throws CommandFailedException {
    try {
      return TestIdentity.read(YamlReader.read("--identity", identity));
    } catch (ConfigurationException e) {
      throw PolicyFiles.wrong(e);
    }
  }

  private static Parameter parameter(String value) {
    var raw = Bytes.copyOf(value.getBytes(StandardCharsets.UTF_8));
    return new Parameter("unknown", false, raw, value);
  }
}
