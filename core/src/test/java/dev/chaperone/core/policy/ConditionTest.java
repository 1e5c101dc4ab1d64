package dev.chaperone.core.policy;

import static dev.chaperone.core.policy.Asking.allowing;
import static dev.chaperone.core.policy.Asking.byAgent;
import static dev.chaperone.core.policy.Asking.parameter;
import static dev.chaperone.core.policy.Asking.statement;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chaperone.core.command.Effect;
import dev.chaperone.core.yaml.ConfigurationException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConditionTest {
  /** Each reads another variable, and is true of the agent and the statement below. */
  private static final List<String> TRUE =
      List.of(
          "identity.issuer == 'corp' && identity.subject == 'bot' && identity.kind == 'agent'",
          "identity.name == '' && identity.email == ''",
          "'bots' in identity.groups && !('dba' in identity.groups)",
          "identity.claims.team == 'data' && identity.claims.level == 3",
          "'a' in identity.claims.scopes && identity.claims.nested.x > 1.0",
          "!has(identity.claims.other)",
          "identity.onBehalfOf.subject == 'ada' && 'dba' in identity.onBehalfOf.groups",
          "identity.onBehalfOf.email.lowerAscii().endsWith('@example.com')",
          "identity.onBehalfOf.onBehalfOf.subject == '' && identity.onBehalfOf.onBehalfOf.kind == ''",
          "identity.onBehalfOf.onBehalfOf.onBehalfOf.groups.size() == 0",
          "intent.text == 'clean up' && intent.ticket.matches('^T-[0-9]+$') && intent.trace == ''",
          "target.name == 'orders' && target.protocol == 'postgres'",
          "target.labels.environment == 'production' && !('owner' in target.labels)",
          "session.origin.startsWith('10.') && session.login == 'app'",
          "now - session.started == duration('60s')",
          "now.getHours('UTC') == 10",
          "now > timestamp('2026-01-01T00:00:00Z')",
          "command.kind == 'statement' && command.effects == ['read', 'lock']",
          "command.text.contains('customers') && command.database == 'orders'",
          "command.parameters.size() == 2 && command.parameters[0].value == '42'",
          "command.parameters.exists(p, p.isNull && p.value == '' && p.type == 'text')",
          "command.relations == ['public.customers']",
          "command.functions.exists(f, f.startsWith('pg_catalog.'))",
          "sets.contains(['read', 'lock', 'session'], command.effects)");

  @Test
  void everyVariableCanBeRead() {
    var read = statement(List.of(parameter("42"), parameter(null)), Effect.LOCK, Effect.READ);
    for (var condition : TRUE) {
      assertThat(allowing(condition).decide(byAgent(), read))
          .as(condition)
          .isInstanceOf(Verdict.Allow.class);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          identity.grups == []                    | there is no field `grups` here; did you mean `groups`?
          identity.onBehalfOf.knd == ''           | there is no field `knd` here; did you mean `kind`?
          idntity.kind == 'agent'                 | there is no variable or function `idntity`; did you mean `identity`?
          command.effects.exist(e, true)          | there is no variable or function `exist`; did you mean `exists`?
          command.effects == 'read'               | found no matching overload for '_==_' applied to '(list(string), string)' (candidates: (%A0, %A0))
          identity.kind                           | expected type 'bool' but found 'string'
          identity.kind == 'agnt'                 | there is no kind `agnt`; did you mean `agent`?
          identity.onBehalfOf.kind == 'human'     | there is no kind `human`; known: person, agent, service
          'raed' in command.effects               | there is no effect `raed`; did you mean `read`?
          command.effects.all(e, e in ['read', 'delet']) | there is no effect `delet`; did you mean `delete`?
          command.effects.exists(x, x != 'drp')   | there is no effect `drp`; known: read, write, delete, schema, privilege, execute, secret, session, lock, tunnel, unknown
          sets.contains(['reads'], command.effects) | there is no effect `reads`; did you mean `read`?
          has(identity.email)                     | has() is always true of a declared field: fields are empty, never missing; compare with "" or use size()
          dyn(identity).kind == 'agent'           | dyn() would hide misspelt names; leave it out
          identity == identity                    | compare single fields, not whole structures
          [identity] == [identity]                | compare single fields, not whole structures
          chaperone.Identity{kind: 'agent'}.kind == 'agent' | a condition cannot make such a value
          command.text.matches('(')               | not a pattern (RE2 syntax): error parsing regexp: missing closing ): `(`
          command.text.matches('(?=a)')           | not a pattern (RE2 syntax): error parsing regexp: invalid or unsupported Perl syntax: `(?=`
          command.parameters[0].valu == ''        | there is no field `valu` here; did you mean `value`?
          """)
  void mistakesAreFoundWhenThePolicyIsLoaded(String condition, String message) {
    var yaml = "rules:\n- name: one\n  when: >-\n    " + condition + "\n  then: allow\n";
    assertThatThrownBy(() -> RulePolicy.of(PolicyFile.parse("p.yaml", yaml)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("p.yaml:3:9: rules[1].when: rule `one`: " + message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          when: identity.knd == "x"           | p.yaml:3:17
          when: "identity.knd == 'x'"         | p.yaml:3:18
          when: 'identity.knd == "x"'         | p.yaml:3:18
          when: identity.kind =               | p.yaml:3:23
          """)
  void mistakesAreLocatedInTheFile(String when, String place) {
    var yaml = "rules:\n- name: one\n  " + when + "\n  then: allow\n";
    assertThatThrownBy(() -> RulePolicy.of(PolicyFile.parse("p.yaml", yaml)))
        .hasMessageStartingWith(place + ": rules[1].when: rule `one`: ");
  }

  @Test
  void mistakesInAConditionOfSeveralLinesNameTheirLine() {
    var yaml =
        """
        rules:
          - name: one
            then: allow
            when: |
              identity.kind == "agent" &&
              command.efects.size() > 0
        """;
    assertThatThrownBy(() -> RulePolicy.of(PolicyFile.parse("p.yaml", yaml)))
        .hasMessageStartingWith("p.yaml:6:");
  }

  @ParameterizedTest
  @ValueSource(strings = {"(", "[", "!", "-", "a."})
  void deepNestingIsRefusedAndDoesNotOverflow(String open) {
    var yaml = "rules:\n- name: one\n  then: allow\n  when: \"" + open.repeat(4_000) + "\"\n";
    assertThatThrownBy(() -> RulePolicy.of(PolicyFile.parse("p.yaml", yaml)))
        .isInstanceOf(ConfigurationException.class);
  }

  @Test
  void anyTextIsAConditionOrAnError() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    var compiler = new ConditionCompiler();
    var place = new dev.chaperone.core.yaml.Place("p", 1, 1, "when");
    var variables =
        Variables.ROOT.view(new Variables.Asked(byAgent(), statement(Effect.READ, Effect.LOCK)));
    for (int round = 0; round < 2_000; round++) {
      var text = mutated(random);
      var yaml =
          new dev.chaperone.core.yaml.YamlText(
              place, text, dev.chaperone.core.yaml.YamlText.Style.PLAIN);
      try {
        var condition = compiler.compile("rule `x`", yaml);
        condition.evaluate(variables);
        condition.evaluateUnbound(variables);
      } catch (ConfigurationException e) {
        assertThat(e).hasMessageContaining("rule `x`");
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ", text " + text, e);
      }
    }
  }

  private static String mutated(Random random) {
    var text = new StringBuilder(TRUE.get(random.nextInt(TRUE.size())));
    if (random.nextInt(3) == 0) {
      text.append(random.nextBoolean() ? " && " : " || ");
      text.append(TRUE.get(random.nextInt(TRUE.size())));
    }
    var interesting = "()[]{}.,'\"!&|=<>+-*/%?:0x9u \\\n\t\0é";
    for (int i = 0; i < random.nextInt(4); i++) {
      int at = random.nextInt(text.length());
      var put = interesting.charAt(random.nextInt(interesting.length()));
      switch (random.nextInt(3)) {
        case 0 -> text.setCharAt(at, put);
        case 1 -> text.insert(at, put);
        default -> text.deleteCharAt(at);
      }
    }
    return text.toString();
  }
}
