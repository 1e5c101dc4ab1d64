package dev.chaperone.core.policy;

import dev.chaperone.core.masking.Masking;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a policy says of a command. */
public sealed interface Verdict {
  /** The names of the rules that led to it; for a default denial, {@code default}. */
  List<String> rules();

  /** It may run; what it returns is masked as {@code masking} says. */
  record Allow(List<String> rules, Masking masking) implements Verdict {
    public Allow {
      rules = List.copyOf(rules);
    }
  }

  /** It waits for people: every rule that holds must be satisfied. */
  record Hold(List<HoldingRule> holding, Masking masking) implements Verdict {
    public Hold {
      if (holding.isEmpty()) {
        throw new IllegalArgumentException("a hold without a rule");
      }
      holding = List.copyOf(holding);
    }

    @Override
    public List<String> rules() {
      return holding.stream().map(HoldingRule::name).toList();
    }

    /** What people must have agreed to, whatever the rules say about waiting. */
    public Set<Demand> demands() {
      return holding.stream().map(HoldingRule::demand).collect(Collectors.toSet());
    }

    /** The first message that a rule gives. */
    public @Nullable String message() {
      return holding.stream()
          .map(HoldingRule::message)
          .filter(java.util.Objects::nonNull)
          .findFirst()
          .orElse(null);
    }

    /** How long the client waits: the shortest that a rule says. */
    public Duration wait(boolean inTransaction) {
      return holding.stream()
          .map(rule -> inTransaction ? rule.waitInTransaction() : rule.waitOutside())
          .min(Duration::compareTo)
          .orElseThrow();
    }

    /** How long it can be granted: the shortest that a rule says. */
    public Duration expires() {
      return holding.stream().map(HoldingRule::expires).min(Duration::compareTo).orElseThrow();
    }

    /** How long a grant can be used: the shortest that a rule says. */
    public Duration useWithin() {
      return holding.stream().map(HoldingRule::useWithin).min(Duration::compareTo).orElseThrow();
    }
  }

  /** It does not run. */
  record Deny(String rule, @Nullable String message) implements Verdict {
    /** The rule's name of a denial because nothing matched. */
    public static final String DEFAULT = "default";

    @Override
    public List<String> rules() {
      return List.of(rule);
    }
  }

  /**
   * A rule that holds.
   *
   * @param name the rule's name
   * @param message what the client and the reviewer are told
   * @param reviewers the groups whose members may decide
   * @param count how many of them must grant
   * @param waitOutside how long the client is kept waiting outside a transaction
   * @param waitInTransaction the same inside an open transaction
   * @param expires how long the review stays pending
   * @param useWithin how long a grant stays usable
   */
  record HoldingRule(
      String name,
      @Nullable String message,
      Set<String> reviewers,
      int count,
      Duration waitOutside,
      Duration waitInTransaction,
      Duration expires,
      Duration useWithin) {
    public HoldingRule {
      reviewers = Set.copyOf(reviewers);
      if (count < 1) {
        throw new IllegalArgumentException("a review needs at least one reviewer");
      }
    }

    /** Whom the rule asks for. */
    public Demand demand() {
      return new Demand(name, reviewers, count);
    }
  }

  /** Whom a rule asks for: a grant given under one demand satisfies no other. */
  record Demand(String rule, Set<String> reviewers, int count) {}
}
