package dev.chaperone.core.policy;

import static dev.chaperone.core.policy.Asking.allowing;
import static dev.chaperone.core.policy.Asking.byAgent;
import static dev.chaperone.core.policy.Asking.parameter;
import static dev.chaperone.core.policy.Asking.policy;
import static dev.chaperone.core.policy.Asking.statement;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chaperone.core.command.Command;
import dev.chaperone.core.command.Effect;
import dev.chaperone.core.masking.Masking;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RulePolicyTest {
  private static final String ALLOW = "- {name: a, when: 'true', then: allow}\n";
  private static final String HOLD =
      "- {name: h, when: 'true', then: hold, reviewers: {groups: [dba]}}\n";
  private static final String DENY = "- {name: d, when: 'true', then: deny, message: no}\n";

  @Test
  void nothingMatchingMeansDeny() {
    assertThat(allowing("false").decide(byAgent(), statement(Effect.READ)))
        .isEqualTo(new Verdict.Deny("default", "no rule allows it"));
  }

  @ParameterizedTest
  @ValueSource(strings = {ALLOW + HOLD + DENY, DENY + HOLD + ALLOW, HOLD + DENY, DENY + ALLOW})
  void denyIsStricterThanAllElseInAnyOrder(String rules) {
    assertThat(policy("rules:\n" + rules).decide(byAgent(), statement(Effect.READ)))
        .isEqualTo(new Verdict.Deny("d", "no"));
  }

  @ParameterizedTest
  @ValueSource(strings = {ALLOW + HOLD, HOLD + ALLOW, HOLD})
  void holdIsStricterThanAllowInAnyOrder(String rules) {
    var verdict = policy("rules:\n" + rules).decide(byAgent(), statement(Effect.READ));
    assertThat(verdict).isInstanceOf(Verdict.Hold.class);
    assertThat(verdict.rules()).containsExactly("h");
  }

  @Test
  void everyRuleThatHoldsCountsWithItsOwnTimes() {
    var verdict =
        (Verdict.Hold)
            policy(
                    """
                    rules:
                      - {name: a, when: 'true', then: hold, reviewers: {groups: [dba]}, wait: 5m}
                      - {name: b, when: 'true', then: hold, reviewers: {groups: [x, y], count: 2},
                         wait: 10m, waitInTransaction: 7s, expires: 10m, useWithin: 1d}
                    """)
                .decide(byAgent(), statement(Effect.DELETE));
    assertThat(verdict.holding())
        .containsExactly(
            new Verdict.HoldingRule(
                "a",
                null,
                Set.of("dba"),
                1,
                Duration.ofMinutes(5),
                Duration.ZERO,
                Duration.ofHours(1),
                Duration.ofHours(1)),
            new Verdict.HoldingRule(
                "b",
                null,
                Set.of("x", "y"),
                2,
                Duration.ofMinutes(10),
                Duration.ofSeconds(7),
                Duration.ofMinutes(10),
                Duration.ofDays(1)));
    assertThat(verdict.wait(false)).isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void aRuleThatCannotBeEvaluatedDenies() {
    var verdict =
        policy(
                "rules:\n"
                    + ALLOW
                    + "- {name: broken, when: identity.claims.missing == 'x', then: allow}\n")
            .decide(byAgent(), statement(Effect.READ));
    assertThat(verdict)
        .isEqualTo(
            new Verdict.Deny(
                "broken",
                "the rule `broken` (policy.yaml:3) could not be evaluated: attribute not found"));
  }

  @Test
  void anEvaluationErrorTellsNoValues() {
    var verdict =
        allowing("int(command.parameters[0].value) == 1")
            .decide(byAgent(), statement(List.of(parameter("s3cret")), Effect.READ));
    assertThat(verdict).isInstanceOf(Verdict.Deny.class);
    assertThat(verdict.toString()).doesNotContain("s3cret");
  }

  @Test
  void loopsAreBounded() {
    var relations = "command.text.size() > 0 && ";
    var loop = new StringBuilder("true");
    for (int i = 0; i < 6; i++) {
      loop.insert(0, "[1,2,3,4,5,6,7,8,9,10].all(x" + i + ", ").append(')');
    }
    var verdict = allowing(relations + loop).decide(byAgent(), statement(Effect.READ));
    assertThat(verdict).isInstanceOf(Verdict.Deny.class);
    assertThat(((Verdict.Deny) verdict).message()).contains("iteration budget exceeded");
  }

  @Test
  void whatCannotBeReadIsDeniedWhateverTheRules() {
    var unreadable = new Command.Unreadable("SELEC", "not SQL");
    assertThat(allowing("command.effects.all(e, e == 'unknown')").decide(byAgent(), unreadable))
        .isEqualTo(new Verdict.Deny("unreadable", "not SQL"));
    assertThat(allowing("true").decideUnbound(byAgent(), unreadable))
        .isEqualTo(new Verdict.Deny("unreadable", "not SQL"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "command.effects.size() > 0",
        "identity.kind == 'agent' && command.text != 'unknown'",
        "command.effects.exists(e, e != 'read')",
      })
  void anUnknownEffectIsNotAllowedByARuleThatDoesNotSpeakOfIt(String condition) {
    assertThat(allowing(condition).decide(byAgent(), statement(Effect.READ, Effect.UNKNOWN)))
        .isEqualTo(
            new Verdict.Deny(
                "default", "no rule allows a command whose effects are not all known"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "identity.kind == 'agent'", "target.name != 'unknown'"})
  void anUnknownEffectIsAllowedByARuleThatAllowsWhateverIsAsked(String condition) {
    var unknown = statement(Effect.READ, Effect.UNKNOWN);
    assertThat(allowing(condition).decide(byAgent(), unknown))
        .isEqualTo(new Verdict.Allow(List.of("one"), Masking.NONE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "command.effects.exists(e, e == 'delete')",
        "command.relations.exists(r, r.startsWith('vault.'))",
        "command.text.contains('DROP')",
      })
  void whatIsHeldOrDeniedByWhatItIsDoesNotPassAsUnknown(String condition) {
    for (var then : List.of("deny", "hold, reviewers: {groups: [dba]}")) {
      var policy =
          policy(
              """
              rules:
                - {name: all, when: 'true', then: allow}
                - {name: some, when: "%s", then: %s}
              """
                  .formatted(condition, then));
      assertThat(policy.decide(byAgent(), statement(Effect.READ)))
          .isInstanceOf(Verdict.Allow.class);
      assertThat(policy.decide(byAgent(), statement(Effect.UNKNOWN)))
          .isInstanceOf(Verdict.Deny.class);
    }
  }

  @Test
  void whereAHoldNamesUnknownTheRestMayBeAllowedWhole() {
    var policy =
        policy(
            """
            rules:
              - {name: all, when: 'true', then: allow}
              - name: some
                when: command.effects.exists(e, e in ["delete", "unknown"])
                then: hold
                reviewers: {groups: [dba]}
            """);
    assertThat(policy.decide(byAgent(), statement(Effect.UNKNOWN)))
        .isInstanceOf(Verdict.Hold.class);
    assertThat(policy.decide(byAgent(), statement(Effect.WRITE))).isInstanceOf(Verdict.Allow.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "command.effects.all(e, e in ['read', 'unknown'])",
        "'unknown' in command.effects",
        "command.effects.exists(e, e == 'unknown')",
        "sets.contains(['read', 'unknown'], command.effects)",
        "command.effects[1] == 'unknown'",
      })
  void anUnknownEffectIsAllowedByARuleThatSpeaksOfIt(String condition) {
    assertThat(allowing(condition).decide(byAgent(), statement(Effect.READ, Effect.UNKNOWN)))
        .isEqualTo(new Verdict.Allow(List.of("one"), Masking.NONE));
  }

  @Test
  void holdsNeedNotSpeakOfUnknownEffects() {
    assertThat(policy("rules:\n" + HOLD).decide(byAgent(), statement(Effect.UNKNOWN)))
        .isInstanceOf(Verdict.Hold.class);
  }

  @Test
  void rulesOfOtherTargetsAreFalseHere() {
    var two =
        policy(
            """
            rules:
              - {name: o, when: target.name == "orders" && identity.kind == "agent", then: allow}
              - {name: p, when: 'target.name in ["pay", "roll"] && true', then: allow}
              - {name: q, when: '"pay" == target.name', then: deny}
            """);
    var read = statement(Effect.READ);
    assertThat(two.decide(byAgent(), read).rules()).containsExactly("o");
    assertThat(two.decide(Asking.by(Asking.agent(), "roll"), read).rules()).containsExactly("p");
    assertThat(two.decide(Asking.by(Asking.agent(), "pay"), read).rules()).containsExactly("q");
    assertThat(two.decide(Asking.by(Asking.agent(), "else"), read).rules())
        .containsExactly("default");
  }

  @Test
  void targetsThatNobodyConfiguredAreMistakes() {
    var rules = policy("rules:\n- {name: a, when: target.name == 'ordes', then: allow}\n");
    assertThatThrownBy(() -> rules.checkTargets(Set.of("orders", "pay")))
        .hasMessage(
            "policy.yaml:2:19: rules[1].when: rule `a`: there is no target `ordes`; did you mean"
                + " `orders`?");
    var masks =
        policy(
            "rules:\n"
                + ALLOW
                + "masks:\n- {name: m, target: ordes, columns: [a.b.c], with: redact}\n");
    assertThatThrownBy(() -> masks.checkTargets(Set.of("orders")))
        .hasMessageContaining("policy.yaml:4:3: masks[1]: mask `m`: there is no target `ordes`");
  }

  @Test
  void preparingLeavesOpenWhatBoundValuesWillTell() {
    var reads = "command.parameters.exists(p, p.value == '1')";
    var read = statement(Effect.READ);
    assertThat(allowing(reads).decide(byAgent(), read)).isInstanceOf(Verdict.Deny.class);
    assertThat(allowing(reads).decideUnbound(byAgent(), read))
        .isEqualTo(new Verdict.Allow(List.of("one"), Masking.NONE));
    assertThat(allowing("identity.kind == 'person' && " + reads).decideUnbound(byAgent(), read))
        .isInstanceOf(Verdict.Deny.class);
    assertThat(allowing(reads).decideUnbound(byAgent(), statement(Effect.UNKNOWN)))
        .isInstanceOf(Verdict.Deny.class);
  }

  @Test
  void preparingIsDeniedWhereNoBoundValueCouldLiftIt() {
    var reads = "command.parameters.exists(p, p.value == '1')";
    var rules =
        policy(
            "rules:\n"
                + DENY
                + "- {name: r, when: '"
                + reads.replace("'", "''")
                + "', then: allow}\n");
    assertThat(rules.decideUnbound(byAgent(), statement(Effect.READ)))
        .isEqualTo(new Verdict.Deny("d", "no"));
  }

  @Test
  void preparingDoesNotDenyWhatOnlyABoundValueWouldDeny() {
    var rules =
        policy(
            "rules:\n" + ALLOW + "- {name: r, when: command.parameters.size() > 0, then: deny}\n");
    assertThat(rules.decideUnbound(byAgent(), statement(Effect.READ)))
        .isEqualTo(new Verdict.Allow(List.of("a"), Masking.NONE));
  }

  @Test
  void masksApplyUnlessTheirConditionHolds() {
    var rules =
        policy(
            "rules:\n"
                + ALLOW
                + """
                masks:
                  - {name: always, target: orders, columns: [public.customers.email], with: redact}
                  - {name: lifted, target: [orders, pay], columns: [pay/a.b.c], with: hash,
                     unless: identity.kind == "agent"}
                  - {name: kept, target: orders, columns: [a.b.c], with: "null",
                     unless: identity.kind == "person"}
                  - {name: broken, target: orders, columns: [a.b.c], with: {keep: {last: 4}},
                     unless: identity.claims.missing == "x"}
                  - {name: other, target: pay, columns: [a.b.c], with: redact}
                """);
    var verdict = (Verdict.Allow) rules.decide(byAgent(), statement(Effect.READ));
    assertThat(verdict.masking().masks())
        .extracting(Masking.Mask::name)
        .containsExactly("always", "kept", "broken");
    assertThat(rules.masksAnythingOn("pay")).isTrue();
    assertThat(rules.masksAnythingOn("else")).isFalse();
  }
}
