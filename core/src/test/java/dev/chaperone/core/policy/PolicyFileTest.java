package dev.chaperone.core.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chaperone.core.masking.ColumnName;
import dev.chaperone.core.masking.MaskWith;
import dev.chaperone.core.policy.PolicyFile.Outcome;
import dev.chaperone.core.yaml.ConfigurationException;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyFileTest {
  private static final String WHOLE =
      """
      rules:
        - name: a
          when: 'true'
          then: hold
          message: ask a colleague
          reviewers: {groups: [dba, sec], count: 2}
          wait: 30s
          waitInTransaction: 1s
          expires: 2h
          useWithin: 10m
        - {name: b, when: 'true', then: hold, reviewers: {groups: [dba]}}
        - {name: c, when: 'true', then: deny, message: never}
        - {name: d, when: 'true', then: allow}
      masks:
        - name: m
          target: [orders, pay]
          columns: [public.customers.email, archive/public.customers.card]
          with: {keep: {last: 4}}
          inference: allow
          flow: allow
          unless: '"pii" in identity.groups'
        - {name: n, target: orders, columns: [a.b.c], with: "null"}
        - {name: h, target: orders, columns: [a.b.c], with: hash}
        - {name: r, target: orders, columns: [a.b.c], with: redact}
      tests:
        - name: t
          identity: {kind: agent, subject: bot, issuer: corp, groups: [x], name: N, email: e@x,
                     claims: {a: 1, b: [x, true], c: {d: "1"}}, onBehalfOf: {kind: person}}
          intent: {text: clean, ticket: T-1, trace: t}
          target: orders
          login: readonly
          origin: 10.0.0.1
          at: 2026-05-01T00:00:00Z
          command: SELECT $1, $2, $3
          parameters: [42, {type: int4, value: 7}, null]
          expect: hold
          rule: a
          masks: [m]
        - {name: u, identity: {kind: person}, target: pay, command: SELECT 1, expect: allow}
      """;

  @Test
  void everyKeyIsRead() throws ConfigurationException {
    var policy = PolicyFile.parse("p.yaml", WHOLE);
    assertThat(policy.rules().get(0).outcome())
        .isEqualTo(
            new Outcome.Hold(
                new Verdict.HoldingRule(
                    "a",
                    "ask a colleague",
                    Set.of("dba", "sec"),
                    2,
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(1),
                    Duration.ofHours(2),
                    Duration.ofMinutes(10))));
    assertThat(policy.rules().get(2).outcome()).isEqualTo(new Outcome.Deny("never"));
    assertThat(policy.rules().get(3).outcome()).isEqualTo(new Outcome.Allow());
    assertThat(policy.rules().get(3).place().line()).isEqualTo(13);
    var mask = policy.masks().get(0);
    assertThat(mask.targets()).containsExactlyInAnyOrder("orders", "pay");
    assertThat(mask.columns())
        .containsExactly(
            new ColumnName(null, "public", "customers", "email"),
            new ColumnName("archive", "public", "customers", "card"));
    assertThat(policy.masks())
        .extracting(PolicyFile.MaskRule::with)
        .containsExactly(
            new MaskWith.KeepLast(4),
            new MaskWith.Null(),
            new MaskWith.Hash(),
            new MaskWith.Redact());
  }

  @Test
  void everyKeyOfATestIsRead() throws ConfigurationException {
    var test = PolicyFile.parse("p.yaml", WHOLE).tests().getFirst();
    assertThat(test.identity().claims().toString()).contains("a=1").contains("b=[x, true]");
    assertThat(test.identity().onBehalfOf()).isNotNull();
    assertThat(test.identity().email()).isEqualTo("e@x");
    assertThat(test.intent().ticket()).isEqualTo("T-1");
    assertThat(test.parameters())
        .extracting(one -> one.type() + "=" + one.value())
        .containsExactly("unknown=42", "int4=7", "unknown=null");
    assertThat(test.login() + test.origin() + test.at() + test.rule() + test.masks())
        .isEqualTo("readonly10.0.0.12026-05-01T00:00:00Za[m]");
  }

  @Test
  void defaultsAreAsDocumented() throws ConfigurationException {
    var policy = PolicyFile.parse("p.yaml", WHOLE);
    assertThat(policy.rules().get(1).outcome())
        .isEqualTo(
            new Outcome.Hold(
                new Verdict.HoldingRule(
                    "b",
                    null,
                    Set.of("dba"),
                    1,
                    Duration.ofMinutes(2),
                    Duration.ZERO,
                    Duration.ofHours(1),
                    Duration.ofHours(1))));
    assertThat(policy.masks().get(1).unless()).isNull();
    var test = policy.tests().get(1);
    assertThat(test.identity().issuer()).isEqualTo("test");
    assertThat(test.identity().subject()).isEqualTo("person");
    assertThat(test.login() + "|" + test.origin() + "|" + test.at())
        .isEqualTo("|127.0.0.1|2026-01-01T12:00:00Z");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          rules: []                                                   | p:1:1: rules: no rules: everything would be denied; write at least one rule
          masks: []                                                   | p:1:1: no rules: everything would be denied; write at least one rule
          rulez: []                                                   | p:1:1: rulez: unknown key `rulez`; did you mean `rules`?
          catalog: x                                                  | p:1:1: catalog: `catalog` is not available yet; leave it out
          rules: [{when: 'true', then: allow}]                        | p:1:9: rules[1]: the key `name` is missing
          rules: [{name: default, when: 'true', then: allow}]         | p:1:16: rules[1].name: expected a name that the gateway does not use itself, not `default`
          rules: [{name: a, when: 'true', then: alow}]                | p:1:39: rules[1].then: expected one of allow, hold, deny, not `alow`
          rules: [{name: a, when: 'true', then: allow, wait: 1s}]     | p:1:46: rules[1].wait: `wait` has no meaning in a rule that says allow
          rules: [{name: a, when: 'true', then: allow, message: x}]   | p:1:46: rules[1].message: `message` has no meaning in a rule that says allow
          rules: [{name: a, when: 'true', then: deny, expires: 1h}]   | p:1:45: rules[1].expires: `expires` has no meaning in a rule that says deny
          rules: [{name: a, when: 'true', then: hold}]                | p:1:9: rules[1]: the rule `a` holds, but nobody could decide: add `reviewers: {groups: [...]}`
          rules: [{name: a, when: 'true', then: hold, reviewers: {groups: []}}] | p:1:57: rules[1].reviewers.groups: no group: nobody could decide what this rule holds
          rules: [{name: a, when: 'true', then: hold, reviewers: {groups: [x], count: 0}}] | p:1:77: rules[1].reviewers.count: expected a whole number from 1 to 100, not `0`
          rules: [{name: a, when: 'true', then: hold, reviewers: {groups: [x]}, wait: 2h}] | p:1:77: rules[1].wait: expected a duration from 0s to 1h, not `2h`
          """)
  void mistakesInRulesAreLocated(String text, String message) {
    assertThatThrownBy(() -> PolicyFile.parse("p", text)).hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          target: a, columns: [a.b.c], with: redact, name: n   | the name `n` stands twice, first in line 1
          target: A, columns: [a.b.c], with: redact            | masks[2].target: expected a target's name, not `A`
          target: [], columns: [a.b.c], with: redact           | masks[2].target: the list is empty
          target: a, columns: [], with: redact                 | masks[2].columns: no column: this masks nothing
          target: a, columns: [b.c], with: redact              | expected schema.relation.column or database/schema.relation.column, not `b.c`
          target: a, columns: [a.b.c], with: null              | has no value; give one, leave the key out, or quote the word "null"
          target: a, columns: [a.b.c], with: blank             | expected one of redact, null, hash, not `blank`
          target: a, columns: [a.b.c], with: {keep: {first: 1}} | unknown key `first`
          target: a, columns: [a.b.c], with: redact, flow: hold | `hold` is not available yet; leave `flow` out
          target: a, columns: [a.b.c], with: redact, inference: equality | `equality` is not available yet; leave `inference` out
          target: a, columns: [a.b.c], with: redact, flow: never | expected one of allow, hold, deny, not `never`
          target: a, columns: [a.b.c], with: redact, unles: x  | unknown key `unles`; did you mean `unless`?
          """)
  void mistakesInMasksAreLocated(String mask, String message) {
    var text =
        "{rules: [{name: a, when: 'true', then: allow}], masks: ["
            + "{name: n, target: a, columns: [a.b.c], with: redact}, {"
            + (mask.contains("name:") ? "" : "name: o, ")
            + mask
            + "}]}";
    assertThatThrownBy(() -> PolicyFile.parse("p", text))
        .hasMessageStartingWith("p:1:")
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          rule: b              | there is no rule `b`; did you mean `a`?
          masks: [x]           | there is no mask `x`; known:
          expect: block        | expected one of allow, hold, deny, not `block`
          at: yesterday        | expected a time in RFC 3339 UTC
          identity: {kind: robot} | expected one of person, agent, service, not `robot`
          identity: {kind: agent, groups: x} | expected a list ([a, b]), not a single value
          """)
  void mistakesInTestsAreLocated(String replaced, String message) {
    var keys = new java.util.LinkedHashMap<String, String>();
    keys.put("name", "t");
    keys.put("identity", "{kind: agent}");
    keys.put("target", "x");
    keys.put("command", "SELECT 1");
    keys.put("expect", "allow");
    keys.put(
        replaced.substring(0, replaced.indexOf(':')),
        replaced.substring(replaced.indexOf(':') + 1));
    var text = new StringBuilder("rules: [{name: a, when: 'true', then: allow}]\ntests:\n- ");
    keys.forEach((key, value) -> text.append(key).append(": ").append(value).append("\n  "));
    assertThatThrownBy(() -> PolicyFile.parse("p", text.toString()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(message);
  }

  @Test
  void twoRulesOfOneNameAreAMistake() {
    assertThatThrownBy(() ->
            PolicyFile.parse(
                "p",
                """
                rules:
                  - {name: a, when: 'true', then: allow}
                  - {name: a, when: 'true', then: allow}
                """))
        .hasMessage("p:3:12: rules[2].name: the name `a` stands twice, first in line 2");
  }

  @Test
  void anyTextIsAPolicyOrAnError() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    for (int round = 0; round < 3_000; round++) {
      var text = new StringBuilder(WHOLE);
      for (int i = 0; i <= random.nextInt(4); i++) {
        int at = random.nextInt(text.length());
        int end = Math.min(text.length(), at + random.nextInt(12));
        switch (random.nextInt(3)) {
          case 0 -> text.delete(at, end);
          case 1 -> text.insert(at, text.substring(at, end));
          default -> text.setCharAt(at, "[]{}:,-'\"\n 0".charAt(random.nextInt(12)));
        }
      }
      try {
        PolicyFile.parse("p", text.toString());
      } catch (ConfigurationException e) {
        assertThat(e).as("seed %s", seed).hasMessageStartingWith("p:");
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ", text " + text, e);
      }
    }
  }
}
