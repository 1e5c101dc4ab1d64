package dev.chaperone.core.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaperone.core.command.Effect;
import dev.chaperone.core.yaml.ConfigurationException;
import org.junit.jupiter.api.Test;

class PolicyTestsTest {
  private static final String RULES =
      """
      rules:
        - {name: agents-read, when: identity.kind == "agent", then: allow}
        - name: many
          when: command.parameters.exists(p, p.value == "7")
          then: hold
          reviewers: {groups: [dba]}
      masks:
        - {name: mail, target: orders, columns: [public.customers.email], with: redact}
      tests:
        - {name: t, identity: {kind: agent}, target: orders, command: SELECT 1, REST}
      """;

  private static PolicyTests.Result run(String rest) throws ConfigurationException {
    var file = PolicyFile.parse("p.yaml", RULES.replace("REST", rest));
    CommandReader reader = (_, _, parameters) -> Asking.statement(parameters, Effect.READ);
    return PolicyTests.run(RulePolicy.of(file), Asking::target, file.tests(), reader).getFirst();
  }

  @Test
  void aTestPassesWhenAllThatItExpectsComesOut() throws ConfigurationException {
    assertThat(run("expect: allow").failures()).isEmpty();
    assertThat(run("expect: allow, rule: agents-read, masks: [mail]").passed()).isTrue();
    assertThat(run("expect: hold, parameters: [7]").passed()).isTrue();
  }

  @Test
  void aTestMayExpectTheDenialThatNoRuleMade() throws ConfigurationException {
    assertThat(run("expect: allow, rule: default").failures())
        .containsExactly("expected the rule default, got allow by agents-read");
  }

  @Test
  void aTestFailsAtEveryDifference() throws ConfigurationException {
    assertThat(run("expect: deny").failures())
        .containsExactly("expected deny, got allow by agents-read");
    assertThat(run("expect: allow, rule: many").failures())
        .containsExactly("expected the rule many, got allow by agents-read");
    assertThat(run("expect: allow, masks: []").failures())
        .containsExactly("expected the masks [], got [mail]");
    assertThat(run("expect: allow, parameters: [7]").passed()).isFalse();
  }
}
