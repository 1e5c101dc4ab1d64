package dev.chaperone.core.policy;

import dev.cel.runtime.CelVariableResolver;
import dev.chaperone.core.command.Command;
import dev.chaperone.core.command.Effect;
import dev.chaperone.core.masking.Masking;
import dev.chaperone.core.policy.PolicyFile.MaskRule;
import dev.chaperone.core.policy.PolicyFile.Outcome;
import dev.chaperone.core.policy.PolicyFile.Rule;
import dev.chaperone.core.yaml.ConfigurationException;
import dev.chaperone.core.yaml.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A policy of rules and masks. All rules that match count, and the strictest wins: deny over hold
 * over allow; nothing matching means deny. Three more rules cannot be written away: what cannot be
 * read is denied; an effect that is unknown is allowed only by a rule whose condition compares the
 * effects with the word {@code unknown}, or that does not look at the command in a file where no
 * other rule tells commands apart without a word about it; a rule that cannot be evaluated denies,
 * and a mask whose {@code unless} cannot be evaluated applies. Immutable; safe for many threads.
 */
public final class RulePolicy implements Policy {
  /** The rule's name of a denial because the command could not be read. */
  public static final String UNREADABLE = "unreadable";

  private record CompiledRule(Rule rule, Condition when) {
    boolean allows() {
      return rule.outcome() instanceof Outcome.Allow;
    }

    boolean namesUnknown() {
      return when.facts().effects().contains(Effect.UNKNOWN.word());
    }

    /** It chooses among commands, and has not thought of those that nobody understands. */
    boolean forgetsUnknown() {
      return when.facts().looksAtCommand() && !namesUnknown();
    }
  }

  private record CompiledMask(MaskRule rule, Masking.Mask mask, @Nullable Condition unless) {}

  private final List<CompiledRule> rules;
  private final Map<String, List<CompiledRule>> rulesByTarget;
  private final List<CompiledRule> rulesElsewhere;
  private final List<CompiledMask> masks;
  private final boolean forgetsUnknown;

  private RulePolicy(List<CompiledRule> rules, List<CompiledMask> masks) {
    this.rules = List.copyOf(rules);
    this.masks = List.copyOf(masks);
    this.forgetsUnknown = rules.stream().anyMatch(rule -> !rule.allows() && rule.forgetsUnknown());
    this.rulesElsewhere = rulesOn(null);
    var byTarget = new TreeMap<String, List<CompiledRule>>();
    for (var rule : rules) {
      rule.when()
          .facts()
          .onlyTargets()
          .ifPresent(names -> names.forEach(name -> byTarget.put(name, rulesOn(name))));
    }
    this.rulesByTarget = byTarget;
  }

  /**
   * Compiles and checks every condition.
   *
   * @throws ConfigurationException at the first that is wrong, with its place and the rule's name
   */
  public static RulePolicy of(PolicyFile file) throws ConfigurationException {
    var compiler = new ConditionCompiler();
    var rules = new ArrayList<CompiledRule>();
    for (var rule : file.rules()) {
      var when = compiler.compile("rule `" + rule.name() + "`", rule.when());
      rules.add(new CompiledRule(rule, when));
    }
    var masks = new ArrayList<CompiledMask>();
    for (var mask : file.masks()) {
      var text = mask.unless();
      var unless = text == null ? null : compiler.compile("mask `" + mask.name() + "`", text);
      var built = new Masking.Mask(mask.name(), mask.columns(), mask.with());
      masks.add(new CompiledMask(mask, built, unless));
    }
    return new RulePolicy(rules, masks);
  }

  /**
   * Checks that every target that a rule or a mask names is there: a mask for a misspelt target
   * would mask nothing.
   *
   * @throws ConfigurationException at the first that is not
   */
  public void checkTargets(Set<String> known) throws ConfigurationException {
    for (var mask : masks) {
      for (var name : new TreeSet<>(mask.rule().targets())) {
        if (!known.contains(name)) {
          throw new ConfigurationException(
              mask.rule().place(), "mask `" + mask.rule().name() + "`: " + noTarget(name, known));
        }
      }
    }
    for (var rule : rules) {
      for (var name : new TreeSet<>(rule.when().facts().targets())) {
        if (!known.contains(name)) {
          throw new ConfigurationException(
              rule.rule().when().place(),
              "rule `" + rule.rule().name() + "`: " + noTarget(name, known));
        }
      }
    }
  }

  private static String noTarget(String name, Set<String> known) {
    return "there is no target `" + name + "`" + Nearest.hint(name, new TreeSet<>(known));
  }

  @Override
  public Verdict decide(Circumstances circumstances, Command command) {
    return explain(circumstances, command).verdict();
  }

  @Override
  public Verdict decideUnbound(Circumstances circumstances, Command command) {
    return explain(circumstances, command, Condition::evaluateUnbound).verdict();
  }

  @Override
  public boolean masksAnythingOn(String target) {
    return masks.stream().anyMatch(mask -> mask.rule().targets().contains(target));
  }

  /** The verdict, and what every rule and mask that concerns the target said. Never throws. */
  public Explanation explain(Circumstances circumstances, Command command) {
    return explain(circumstances, command, Condition::evaluate);
  }

  private interface Evaluation {
    Answer of(Condition condition, CelVariableResolver variables);
  }

  private Explanation explain(Circumstances circumstances, Command command, Evaluation evaluation) {
    if (command instanceof Command.Unreadable unreadable) {
      return new Explanation(new Verdict.Deny(UNREADABLE, unreadable.why()), List.of(), List.of());
    }
    var variables = Variables.ROOT.view(new Variables.Asked(circumstances, command));
    var target = circumstances.target().name();
    var said = new ArrayList<Explanation.Said>();
    for (var rule : rulesByTarget.getOrDefault(target, rulesElsewhere)) {
      var answer = evaluation.of(rule.when(), variables);
      said.add(new Explanation.Said(rule.rule(), counts(rule, command, answer), answer));
    }
    var maskSaid = new ArrayList<Explanation.Mask>();
    for (var mask : masks) {
      if (mask.rule().targets().contains(target)) {
        maskSaid.add(new Explanation.Mask(mask.mask(), applies(mask, evaluation, variables)));
      }
    }
    var masking = masking(maskSaid);
    return new Explanation(Strictest.of(said, masking, command), said, maskSaid);
  }

  /**
   * What a rule's answer counts as. A rule that allows whatever is asked allows what nobody
   * understands too, unless the file holds or denies some commands by what they are: one of those
   * could hide there.
   */
  private Explanation.Counts counts(CompiledRule rule, Command command, Answer answer) {
    boolean blind =
        rule.allows()
            && command.effects().contains(Effect.UNKNOWN)
            && !rule.namesUnknown()
            && (forgetsUnknown || rule.when().facts().looksAtCommand());
    return switch (answer) {
      case Answer.No _ -> Explanation.Counts.NO;
      case Answer.Yes _ -> blind ? Explanation.Counts.BLIND : Explanation.Counts.YES;
      case Answer.Open _ -> blind ? Explanation.Counts.BLIND : Explanation.Counts.OPEN;
      case Answer.Failed _ -> Explanation.Counts.FAILED;
    };
  }

  private static boolean applies(
      CompiledMask mask, Evaluation evaluation, CelVariableResolver variables) {
    return mask.unless() == null
        || !(evaluation.of(mask.unless(), variables) instanceof Answer.Yes);
  }

  private static Masking masking(List<Explanation.Mask> said) {
    var applying =
        said.stream().filter(Explanation.Mask::applies).map(Explanation.Mask::mask).toList();
    return applying.isEmpty() ? Masking.NONE : new Masking(applying);
  }

  /** The rules that can match on a target; null for one that no rule names. */
  private List<CompiledRule> rulesOn(@Nullable String target) {
    return rules.stream()
        .filter(rule ->
            rule.when()
                .facts()
                .onlyTargets()
                .map(names -> target != null && names.contains(target))
                .orElse(true))
        .toList();
  }
}
