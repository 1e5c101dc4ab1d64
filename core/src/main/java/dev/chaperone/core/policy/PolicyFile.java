package dev.chaperone.core.policy;

import dev.chaperone.core.masking.ColumnName;
import dev.chaperone.core.masking.MaskWith;
import dev.chaperone.core.yaml.ConfigurationException;
import dev.chaperone.core.yaml.Place;
import dev.chaperone.core.yaml.YamlText;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A policy file as it is written, its shape checked, its conditions not yet compiled: {@link
 * RulePolicy#of} does that.
 *
 * @param file how errors name it
 * @param rules in the file's order, which means nothing
 * @param masks in the file's order, which means nothing
 * @param tests what must come out, in the file's order
 */
public record PolicyFile(
    String file, List<Rule> rules, List<MaskRule> masks, List<PolicyTest> tests) {
  public PolicyFile {
    rules = List.copyOf(rules);
    masks = List.copyOf(masks);
    tests = List.copyOf(tests);
  }

  /**
   * Reads a policy.
   *
   * @param file how errors name it
   * @param text the file's content, as docs/guides/policy.md describes it
   * @throws ConfigurationException at the first thing that is wrong
   */
  public static PolicyFile parse(String file, String text) throws ConfigurationException {
    return new PolicyFileReader(file).read(text);
  }

  /**
   * One rule.
   *
   * @param name unique among the rules
   * @param place where it begins
   * @param when its condition, in CEL
   * @param outcome what it says when the condition holds
   */
  public record Rule(String name, Place place, YamlText when, Outcome outcome) {}

  /** What a rule says when its condition holds. */
  public sealed interface Outcome {
    /** The word in {@code then}. */
    default String word() {
      return switch (this) {
        case Allow _ -> "allow";
        case Hold _ -> "hold";
        case Deny _ -> "deny";
      };
    }

    /** It may run. */
    record Allow() implements Outcome {}

    /** It waits for people. */
    record Hold(Verdict.HoldingRule rule) implements Outcome {}

    /** It does not run; the client is told {@code message}, if there is one. */
    record Deny(@Nullable String message) implements Outcome {}
  }

  /**
   * One mask.
   *
   * @param name unique among the masks
   * @param place where it begins
   * @param targets the targets that it concerns
   * @param columns what it covers
   * @param with how values are replaced
   * @param unless the condition, in CEL, under which it does not apply
   */
  public record MaskRule(
      String name,
      Place place,
      Set<String> targets,
      List<ColumnName> columns,
      MaskWith with,
      @Nullable YamlText unless) {
    public MaskRule {
      targets = Set.copyOf(targets);
      columns = List.copyOf(columns);
    }
  }

  /** What a hold waits for when the rule does not say. */
  public static final class HoldDefaults {
    /** How many must grant. */
    public static final int COUNT = 1;

    /** How long the client is kept waiting outside a transaction. */
    public static final Duration WAIT = Duration.ofMinutes(2);

    /** The same inside an open transaction, where locks are held meanwhile. */
    public static final Duration WAIT_IN_TRANSACTION = Duration.ZERO;

    /** How long it can be granted. */
    public static final Duration EXPIRES = Duration.ofHours(1);

    /** How long a grant can be used. */
    public static final Duration USE_WITHIN = Duration.ofHours(1);

    private HoldDefaults() {}
  }
}
