package dev.chaperone.app.cli;

import dev.chaperone.app.config.WrittenSql;
import dev.chaperone.core.policy.PolicyTests;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.JsonNodeFactory;

/** {@code chaperone policy test}: runs the tests that a policy carries. */
@Command(
    name = "test",
    description = "Run the tests that a policy carries. SQL is read by its text alone.",
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {
      "0:every test passed",
      "1:a test failed, or there is none",
      "2:the policy cannot be loaded"
    })
final class PolicyTestCommand implements Callable<Integer> {
  @Mixin private final PolicyFiles files = new PolicyFiles();
  private CommandSpec spec = CommandSpec.create();
  private @Nullable Path policy;
  private boolean json;

  @Spec
  void spec(CommandSpec filledIn) {
    this.spec = filledIn;
  }

  @Parameters(arity = "0..1", paramLabel = "FILE", description = "The policy.")
  void policy(Path file) {
    this.policy = file;
  }

  @Option(names = "--json", description = "Print one JSON document.")
  void json(boolean asked) {
    this.json = asked;
  }

  @Override
  public Integer call() throws CommandFailedException {
    var source = files.load(policy);
    if (source.file().tests().isEmpty()) {
      throw new CommandFailedException(
          ExitStatus.FAILED, source.file().file() + " has no tests: write some under `tests:`");
    }
    try (var sql = new WrittenSql()) {
      var results = PolicyTests.run(source.policy(), source::target, source.file().tests(), sql);
      var out = spec.commandLine().getOut();
      if (json) {
        printJson(results, out);
      } else {
        print(results, out);
      }
      return results.stream().allMatch(PolicyTests.Result::passed)
          ? ExitStatus.DONE
          : ExitStatus.FAILED;
    }
  }

  private static void print(List<PolicyTests.Result> results, PrintWriter out) {
    for (var result : results) {
      var test = result.test();
      out.println((result.passed() ? "passed  " : "FAILED  ") + test.name());
      for (var failure : result.failures()) {
        out.println("        " + test.place().file() + ":" + test.place().line() + ": " + failure);
      }
    }
    long passed = results.stream().filter(PolicyTests.Result::passed).count();
    out.printf("%d passed, %d failed%n", passed, results.size() - passed);
  }

  private static void printJson(List<PolicyTests.Result> results, PrintWriter out) {
    var document = JsonNodeFactory.instance.objectNode();
    var items = document.putArray("items");
    for (var result : results) {
      var item = items.addObject();
      item.put("name", result.test().name());
      item.put("line", result.test().place().line());
      item.put("passed", result.passed());
      item.put("verdict", PolicyTests.word(result.verdict()));
      var rules = item.putArray("rules");
      result.verdict().rules().forEach(rules::add);
      var failures = item.putArray("failures");
      result.failures().forEach(failures::add);
    }
    out.println(document.toPrettyString());
  }
}
