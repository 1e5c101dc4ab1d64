package dev.chaperone.control.reviews;

import dev.chaperone.control.record.Actor;
import dev.chaperone.core.policy.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A held command waiting for people, as its entries so far say. Immutable; the command's text is
 * not here but in the journal.
 *
 * @param id {@code r-} and a time-ordered unique part
 * @param digest what exactly would run, lower-case hexadecimal
 * @param asker who asked
 * @param askers every person key that counts as who asked
 * @param target the target's name
 * @param session the session that asked first
 * @param command the command that asked first
 * @param rules the rules that hold; all must be satisfied
 * @param asked when
 * @param expires until when it can be decided
 * @param useWithin how long a grant can be used
 * @param useBefore until when it can be used; null while it is not granted
 * @param decisions what people decided so far, in order
 */
public record Review(
    String id,
    ReviewState state,
    String digest,
    Actor asker,
    Set<String> askers,
    String target,
    String session,
    String command,
    List<Rule> rules,
    Instant asked,
    Instant expires,
    Duration useWithin,
    @Nullable Instant useBefore,
    List<PersonDecision> decisions) {

  /**
   * What one rule asks for.
   *
   * @param name the rule's name
   * @param message what the rule says
   * @param reviewers the groups whose members may decide
   * @param count how many different people must grant
   */
  public record Rule(
      String name, @Nullable String message, SortedSet<String> reviewers, int count) {
    public Rule {
      reviewers = Collections.unmodifiableSortedSet(new TreeSet<>(reviewers));
    }

    static Rule of(Verdict.HoldingRule rule) {
      return new Rule(rule.name(), rule.message(), new TreeSet<>(rule.reviewers()), rule.count());
    }

    /** What must be the same for a review to serve another ask: all but the words. */
    Rule requirement() {
      return new Rule(name, null, reviewers, count);
    }
  }

  /**
   * What one person decided.
   *
   * @param what granted, refused or cancelled
   * @param by the person key
   * @param who the identity that decided; null where the gateway itself did
   * @param name a display name, if there is one
   * @param time when
   * @param reason what the person gave as the reason; may be empty
   * @param rules the rules that a grant counts for
   */
  public record PersonDecision(
      ReviewState what,
      String by,
      @Nullable Actor who,
      @Nullable String name,
      Instant time,
      String reason,
      List<String> rules) {
    public PersonDecision {
      rules = List.copyOf(rules);
    }
  }

  public Review {
    askers = Set.copyOf(askers);
    rules = List.copyOf(rules);
    decisions = List.copyOf(decisions);
  }

  /** What a review serves: the same command by the same identity under the same demands. */
  record Key(String digest, String target, Actor asker, List<Rule> rules) {}

  Key key() {
    return key(digest, target, asker, rules);
  }

  static Key key(String digest, String target, Actor asker, List<Rule> rules) {
    var requirements =
        rules.stream().map(Rule::requirement).sorted(Comparator.comparing(Rule::name)).toList();
    return new Key(digest, target, asker, requirements);
  }

  /** When it ends by itself, while it is live. */
  Instant due() {
    var use = useBefore;
    return use == null ? expires : use;
  }

  /** Every group that may decide on some rule. */
  public Set<String> reviewers() {
    var groups = new TreeSet<String>();
    rules.forEach(rule -> groups.addAll(rule.reviewers()));
    return groups;
  }

  /** How many different people have granted a rule. */
  public long grants(Rule rule) {
    return decisions.stream()
        .filter(made -> made.what() == ReviewState.GRANTED && made.rules().contains(rule.name()))
        .map(PersonDecision::by)
        .distinct()
        .count();
  }

  /** The rules that a member of these groups may grant and this person has not granted yet. */
  List<String> open(String person, List<String> groups) {
    return rules.stream()
        .filter(rule -> rule.reviewers().stream().anyMatch(groups::contains))
        .map(Rule::name)
        .filter(rule ->
            decisions.stream()
                .noneMatch(made ->
                    made.what() == ReviewState.GRANTED
                        && made.by().equals(person)
                        && made.rules().contains(rule)))
        .toList();
  }

  /** Whether every rule is satisfied once this person grants these rules. */
  boolean completedBy(String person, List<String> granting) {
    var trial = new PersonDecision(ReviewState.GRANTED, person, null, null, asked, "", granting);
    var after = with(trial);
    return rules.stream().allMatch(rule -> after.grants(rule) >= rule.count());
  }

  Review with(PersonDecision decision) {
    var all = new ArrayList<>(decisions);
    all.add(decision);
    return copy(state, useBefore, all);
  }

  Review in(ReviewState next) {
    return copy(next, useBefore, decisions);
  }

  Review grantedUntil(Instant until) {
    return copy(ReviewState.GRANTED, until, decisions);
  }

  private Review copy(
      ReviewState next, @Nullable Instant until, List<PersonDecision> newDecisions) {
    return new Review(
        id,
        next,
        digest,
        asker,
        askers,
        target,
        session,
        command,
        rules,
        asked,
        expires,
        useWithin,
        until,
        newDecisions);
  }
}
