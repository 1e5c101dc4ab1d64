package dev.chaperone.core.policy;

import dev.chaperone.core.masking.Masking;
import dev.chaperone.core.target.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Runs the tests that a policy carries. Pure but for what the reader does. */
public final class PolicyTests {
  private PolicyTests() {}

  /**
   * How a test went.
   *
   * @param test the test
   * @param verdict what came out
   * @param failures what differs from what was expected; empty when it passed
   */
  public record Result(PolicyTest test, Verdict verdict, List<String> failures) {
    public Result {
      failures = List.copyOf(failures);
    }

    /** Whether everything came out as expected. */
    public boolean passed() {
      return failures.isEmpty();
    }
  }

  /**
   * Decides every test's command as the gateway would, and compares.
   *
   * @param targets gives the target of a name; total, so a name that is not configured gets a
   *     stand-in
   */
  public static List<Result> run(
      Policy policy,
      Function<String, Target> targets,
      List<PolicyTest> tests,
      CommandReader reader) {
    var results = new ArrayList<Result>();
    for (var test : tests) {
      var command = reader.read(test.target(), test.text(), test.parameters());
      var circumstances =
          new Circumstances(
              test.identity(),
              test.intent(),
              targets.apply(test.target()),
              test.origin(),
              test.login(),
              test.at(),
              test.at());
      var verdict = policy.decide(circumstances, command);
      results.add(new Result(test, verdict, failures(test, verdict)));
    }
    return results;
  }

  /** The word that {@code expect} compares with. */
  public static String word(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Allow _ -> "allow";
      case Verdict.Hold _ -> "hold";
      case Verdict.Deny _ -> "deny";
    };
  }

  private static List<String> failures(PolicyTest test, Verdict verdict) {
    var failures = new ArrayList<String>();
    var word = word(verdict);
    var by = " by " + String.join(", ", verdict.rules());
    if (!word.equals(test.expect())) {
      failures.add("expected " + test.expect() + ", got " + word + by);
    }
    var rule = test.rule();
    if (rule != null && !verdict.rules().contains(rule)) {
      failures.add("expected the rule " + rule + ", got " + word + by);
    }
    var masks = test.masks();
    if (masks != null && !masks.equals(masks(verdict))) {
      failures.add(
          "expected the masks " + new TreeSet<>(masks) + ", got " + new TreeSet<>(masks(verdict)));
    }
    return failures;
  }

  private static Set<String> masks(Verdict verdict) {
    var masking =
        switch (verdict) {
          case Verdict.Allow allow -> allow.masking();
          case Verdict.Hold hold -> hold.masking();
          case Verdict.Deny _ -> Masking.NONE;
        };
    return masking.masks().stream().map(Masking.Mask::name).collect(Collectors.toSet());
  }
}
